"""The page folds what the server says into what the server shows: snapshot + events = snapshot."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Page

from accounts import commands as accounts
from accounts.queries import Person
from rooms import commands as rooms
from rooms.announcements import announce
from rooms.domain.stage import Stage
from rooms.rights import leads
from rooms.snapshots import render
from rooms.view import RoomView, Viewer
from spaces_project.kernel.log.event_log import Recorded, event_log
from spaces_project.kernel.refusals import Refusal
from spaces_project.presets import PRESETS
from tests.kernel.evenings import catch_up

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

STEPS = 260
LOOKS = 6
SEEDS = (1, 2)
ENOUGH_KINDS = 25
OURS = {"kept_until", "followers_invited"}
INVITED = {"invited_user_ids", "speak_invitations"}
# Whom one follows is not told, so these are offered to whoever may perhaps do it.
PERHAPS = {"join", "raise_hand"}
PERHAPS_AS_LEADER = {*PERHAPS, "invite_followers"}
FOLDED = """async ([start, frames, looks]) => {
    const { fold } = await import("/static/rooms/js/fold.js");
    const seen = [];
    let state = fold(null, start);
    for (const frame of frames) {
        state = fold(state, frame);
        if (looks.includes(frame.seq)) seen.push(state);
    }
    return seen;
}"""


class Evening:
    """Five people in one room, who press everything in an order that a seed decides."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        word = f"p{self.chance.getrandbits(40):x}"
        self.names: dict[UUID, Person] = {}
        for at in range(5):
            account_id = accounts.register(handle=f"{word}n{at}", name=f"Person {at}").entity_id
            self.names[account_id] = Person(account_id, f"{word}n{at}", f"Person {at}")
        self.people = list(self.names)
        catch_up()
        opened = rooms.open_room(host_id=self.people[0], title="Tea", description="")
        self.room: dict[str, Any] = {"room_id": opened.entity_id}
        self.over: list[Recorded] = []
        rooms.start(**self.room, by=self.people[0])
        for who in self.people:
            rooms.join(**self.room, account_id=who)

    def go_on(self, steps: int) -> None:
        """Press so many buttons; who may not is refused."""
        for _ in range(steps):
            with suppress(Refusal):
                self.chance.choice(self.buttons())()
        rooms.end(**self.room, by=self.host())
        self.over = self.history()

    def stage(self, seq: int | None = None) -> Stage:
        """Return the room as it is, or was."""
        stage = Stage(self.room["room_id"])
        for recorded in (self.over or self.history())[:seq]:
            stage.apply(recorded.event, recorded.seq or 0)
        return stage

    def host(self) -> UUID:
        """Return who hosts now."""
        host = self.stage().host_id
        assert host
        return host

    def history(self) -> list[Recorded]:
        """Return what happened."""
        return list(event_log().history(self.room["room_id"]))

    def buttons(self) -> list[Callable[[], object]]:
        """Return what can be pressed, with somebody for each."""
        one, other = self.chance.sample(self.people, 2)
        host = self.host()
        lead = host if self.chance.random() < 0.8 else one
        about = {**self.room, "account_id": other, "by": lead}
        me = {**self.room, "account_id": one}
        return [
            *[partial(command, **me) for command in (rooms.join, rooms.raise_hand)] * 3,
            *[partial(rooms.accept_invitation, **me)] * 3,
            partial(rooms.leave, **me),
            partial(rooms.drop, **me),
            partial(rooms.decline_invitation, **me),
            partial(rooms.expire_speak_invitation, **me),
            *[partial(command, **me, by=one) for command in (rooms.unmute, rooms.lower_hand)],
            *[partial(command, **about) for command in ABOUT],
            partial(rooms.invite, **self.room, account_ids=[other], by=lead),
            *[partial(command, **self.room, by=host) for command in ALONE],
            partial(rooms.change_card, **self.room, by=host, title=f"Tea {self.chance.random()}"),
            partial(rooms.change_card, **self.room, by=host, topic_ids=["tea"], description="!"),
            partial(rooms.pin, **self.room, by=lead, text="Menu", url="https://example.org/"),
            *[
                partial(rooms.unpin, **self.room, by=lead, pin_id=pin)
                for pin in list(self.stage().pins)[:1]
            ],
        ]


ABOUT: list[Callable[..., object]] = [
    rooms.promote_speaker,
    rooms.promote_speaker,
    rooms.invite_to_speak,
    rooms.invite_to_speak,
    rooms.cancel_invitation,
    rooms.lower_hand,
    rooms.mute,
    rooms.demote_speaker,
    rooms.appoint_cohost,
    rooms.dismiss_cohost,
    rooms.hand_over,
    rooms.remove,
    rooms.lift_removal,
    rooms.lift_removal,
]
ALONE: list[Callable[..., object]] = [rooms.mute_all, rooms.invite_followers]


@pytest.fixture
def evenings(databases: object) -> list[Evening]:
    """Evenings that are over; lived on a thread, for a browser's loop keeps Django from tables."""
    del databases
    with ThreadPoolExecutor(1) as thread, override_settings(PRESET=PRESETS["classic"]):
        done = list(thread.map(Evening, SEEDS))
        for evening in done:
            thread.submit(evening.go_on, STEPS).result()
        thread.submit(connections.close_all).result()
    return done


def shown(stage: Stage, who: UUID, names: dict[UUID, Person]) -> dict[str, Any]:
    return render(RoomView.of_stage(stage, who), Viewer.of_stage(stage, who), names)


def frames_for(evening: Evening, who: UUID) -> list[dict[str, Any]]:
    """Return what somebody's socket says, from the first event on."""
    told, stage = [], Stage(evening.room["room_id"])
    for recorded in evening.over:
        stage.apply(recorded.event, recorded.seq or 0)
        is_leader = leads(RoomView.of_stage(stage), Viewer.of_stage(stage, who))
        told.append(announce(recorded, evening.names).words_for(who, leads=is_leader))
    return told


def comparable(state: dict[str, Any], *, newly_leads: bool) -> dict[str, Any]:
    """Return a room without what only the page keeps, and only the server knows.

    Who leads from now on asks for a new snapshot, to be told who is invited.
    """
    unknown = OURS | INVITED if newly_leads else OURS
    rest = {name: value for name, value in state.items() if name not in unknown}
    listeners = sorted(person["account_id"] for person in state["listeners"])  # in no order
    can = sorted(set(state["viewer"]["can"]) - (PERHAPS_AS_LEADER if newly_leads else PERHAPS))
    viewer = {**state["viewer"], "can": can}
    return {**rest, "viewer": viewer, "listeners": listeners}


def test_a_snapshot_and_the_frames_behind_it_are_the_later_snapshot(
    evenings: list[Evening], workshop: Page
) -> None:
    kinds: Counter[str] = Counter()
    compared = 0
    for evening in evenings:
        length = len(evening.over)
        for who in evening.people:
            frames = frames_for(evening, who)
            kinds.update(frame["type"] for frame in frames)
            for start in range(2, length, max(1, length // LOOKS)):
                looks = list(range(start + 1, length + 1))
                first = shown(evening.stage(start), who, evening.names)
                begin = {"type": "snapshot", "seq": start, "state": first}
                seen = workshop.evaluate(FOLDED, [begin, frames[start:], looks])
                stage = evening.stage(start)
                new = False
                for recorded, state in zip(evening.over[start:], seen, strict=True):
                    stage.apply(recorded.event, recorded.seq or 0)
                    expected = shown(stage, who, evening.names)
                    new = new or not stage.leads(who)
                    assert comparable(state, newly_leads=new) == comparable(
                        expected, newly_leads=new
                    ), frames[stage.seq - 1]
                    compared += 1
    print(f"seeds {SEEDS}: {compared} snapshots compared, {len(kinds)} kinds of frames")
    assert len(kinds) >= ENOUGH_KINDS, kinds
