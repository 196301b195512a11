"""People whose rights end while they listen or look (W-07).

Removed, blocked, signed out, out of time; or looking into a room for followers, and no follower any
more.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import jwt
from websockets.exceptions import ConnectionClosed

from accounts import commands as accounts
from rooms import commands as rooms
from rooms.domain.words import AudiencePolicy
from spaces_project.kernel.authentication import issue_token
from spaces_project.kernel.refusals import Contended
from spaces_project.kernel.sockets import close_codes
from tests.consumers.sockets import Socket, Talk
from tests.full_size import reached
from tests.kernel.processes import Person, Web, somebody

AT_ONCE: Final = 12  # people whose rights end in the same room at about the same time
LIFETIME_S: Final = 3.0  # of a token that expires while its owner listens
CODES: Final = {
    "removed": {close_codes.FORBIDDEN, close_codes.NOT_FOUND},
    "blocked": {close_codes.FORBIDDEN, close_codes.NOT_FOUND},
    "signed out": {close_codes.NOT_AUTHENTICATED},
    "expired": {close_codes.NOT_AUTHENTICATED},
    "unfollowed": {close_codes.FORBIDDEN},
}


@dataclass
class Outcome:
    """What those heard whose rights had ended."""

    trials: Counter[str] = field(default_factory=Counter)
    last_ms: list[float] = field(default_factory=list)
    closed_ms: list[float] = field(default_factory=list)
    too_much: int = 0  # were told what happened after they were put out
    kept: int = 0  # were not closed at all
    wrong_codes: list[tuple[str, int | None]] = field(default_factory=list)

    @property
    def faultless(self) -> bool:
        """True if everybody was closed, for the right reason, and heard nothing of afterwards."""
        return not (self.too_much or self.kept or self.wrong_codes)

    def __str__(self) -> str:
        trials = ", ".join(f"{number} {how}" for how, number in sorted(self.trials.items()))
        times = "nobody was closed"
        if self.closed_ms:
            times = (
                f"last delivery after at most {max(self.last_ms):.0f} ms, "
                f"closed after at most {max(self.closed_ms):.0f} ms"
            )
        return (
            f"{trials}: {times}; {self.too_much} heard what came later, {self.kept} were not"
            f" closed, {len(self.wrong_codes)} with another code"
        )


async def run(webs: list[Web], seed: int, trials: int, patience_s: float = 30.0) -> Outcome:
    """End so many rights; people sit at any of the web processes, and are asked for at another."""
    chance, outcome = random.Random(seed), Outcome()
    while outcome.trials.total() < trials:
        reached(f"{outcome.trials.total()} of {trials} rights")
        await _round(webs, chance, outcome, patience_s)
    return outcome


async def _round(
    webs: list[Web], chance: random.Random, outcome: Outcome, patience_s: float
) -> None:
    talk = await asyncio.to_thread(_talk_for_followers)
    busy = asyncio.ensure_future(_go_on(talk))
    try:
        hows = [list(CODES)[number % len(CODES)] for number in range(AT_ONCE)]
        chance.shuffle(hows)
        listeners = [
            _listen(webs, talk, how, chance.uniform(0, 0.5), outcome, patience_s) for how in hows
        ]
        for heard in await asyncio.gather(*listeners):
            outcome.trials[heard] += 1
    finally:
        busy.cancel()


def _talk_for_followers() -> Talk:
    talk = Talk()
    rooms.change_policies(
        room_id=talk.room_id,
        by=talk.host.account_id,
        audience_policy=AudiencePolicy.FOLLOWERS,
    )
    return talk


async def _go_on(talk: Talk) -> None:
    """Let something happen all the time, so that there is something to hear."""
    while True:
        with suppress(Contended):
            await asyncio.to_thread(talk.go_on, 1)
        await asyncio.sleep(0.02)


async def _listen(
    webs: list[Web], talk: Talk, how: str, pause_s: float, outcome: Outcome, patience_s: float
) -> str:
    """Sit in the room until one's rights have ended, and note what was heard from then on."""
    who = await asyncio.to_thread(_somebody_here, talk, how)
    at = webs[int(pause_s * 1000) % len(webs)]
    socket = await Socket.enter(at, talk, who)
    last_heard = [0.0, 0.0]  # when, and up to which seq
    reading = asyncio.ensure_future(_read(socket, last_heard))
    await asyncio.sleep(pause_s)
    ended, last_seq = await _ENDS[how](webs, talk, who)
    done, _ = await asyncio.wait([reading], timeout=patience_s)
    closed = time.monotonic()
    if not done:
        reading.cancel()
        outcome.kept += 1
        await socket.close()
        return how
    outcome.closed_ms.append(max(0.0, closed - ended) * 1000)
    outcome.last_ms.append(max(0.0, last_heard[0] - ended) * 1000)
    outcome.too_much += bool(last_seq and last_heard[1] > last_seq)
    if socket.connection.close_code not in CODES[how]:
        outcome.wrong_codes.append((how, socket.connection.close_code))
    return how


def _somebody_here(talk: Talk, how: str) -> Person:
    """Return somebody who follows the host, and is inside; or only looks, to follow no more."""
    who = somebody()
    accounts.follow(follower_id=who.account_id, followee_id=talk.host.account_id)
    if how == "expired":
        lifetime = timedelta(seconds=LIFETIME_S)
        who = Person(who.account_id, issue_token(who.account_id, frozenset(), lifetime))
    if how != "unfollowed":
        talk.join(who)
    return who


async def _read(socket: Socket, last_heard: list[float]) -> None:
    try:
        while True:
            frame = await socket.read(3600)
            last_heard[:] = [time.monotonic(), float(frame.get("seq", last_heard[1]))]
    except ConnectionClosed:
        return


async def _put_out(talk: Talk, who: Person, command: rooms.RoomCommand) -> tuple[float, int]:
    def ask() -> int:
        while True:
            with suppress(Contended):  # many are put out at once; a client asks again, too
                by = talk.host.account_id
                return command(room_id=talk.room_id, account_id=who.account_id, by=by).seq or 0

    last_seq = await asyncio.to_thread(ask)
    return time.monotonic(), last_seq


async def _remove(_webs: list[Web], talk: Talk, who: Person) -> tuple[float, int]:
    return await _put_out(talk, who, rooms.remove)


async def _block(_webs: list[Web], talk: Talk, who: Person) -> tuple[float, int]:
    return await _put_out(talk, who, rooms.block)


async def _unfollow(webs: list[Web], talk: Talk, who: Person) -> tuple[float, int]:
    address = f"/api/v1/accounts/me/following/{talk.host.public_id}"
    answer = await asyncio.to_thread(webs[0].ask, "DELETE", address, None, who)
    assert answer.status < 300, answer
    return time.monotonic(), 0


async def _sign_out(webs: list[Web], _talk: Talk, who: Person) -> tuple[float, int]:
    answer = await asyncio.to_thread(webs[0].ask, "DELETE", "/api/v1/tokens/current", None, who)
    assert answer.status == 204, answer
    return time.monotonic(), 0


async def _wait_for_the_end(_webs: list[Web], _talk: Talk, who: Person) -> tuple[float, int]:
    end = jwt.decode(who.token, options={"verify_signature": False})["exp"]
    left_s = max(0.0, end - time.time())
    ended = time.monotonic() + left_s
    await asyncio.sleep(left_s)
    return ended, 0


_ENDS: Final[dict[str, Callable[[list[Web], Talk, Person], Awaitable[tuple[float, int]]]]] = {
    "removed": _remove,
    "blocked": _block,
    "signed out": _sign_out,
    "expired": _wait_for_the_end,
    "unfollowed": _unfollow,
}
