"""People who come, go, ask, speak and are muted, each by a thread that knows what must follow."""

import random
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.acceptance.clients import PREFIX, NoAnswer, Person, RoomSocket
from tests.acceptance.operations import Operation, Outcome, rest_command_id, socket_command_id

PAUSE_S: Final = 0.1  # on average, between two moves of one person
SENSIBLE: Final = 0.85  # of the moves change something; the rest should be refused or do nothing
RESOLVED_WITHIN_S: Final = 60.0


@dataclass(frozen=True)
class Move:
    """One thing to ask for, over REST and over a socket."""

    name: str
    method: str
    path: str
    frame: str
    by_host: bool = False


JOIN = Move("join", "POST", "join", "room.join")
MOVES: Final = (
    JOIN,
    Move("leave", "POST", "leave", "room.leave"),
    Move("raise hand", "POST", "hands", "hand.raise"),
    Move("promote", "PUT", "speakers/{who}", "speaker.promote", by_host=True),
    Move("demote", "DELETE", "speakers/{who}", "speaker.demote", by_host=True),
    Move("step down", "DELETE", "speakers/me", "speaker.step_down"),
    Move("mute", "PUT", "muted/{who}", "mute", by_host=True),
    Move("mute oneself", "PUT", "muted/me", "mute.self"),
    Move("unmute oneself", "DELETE", "muted/me", "unmute.self"),
    Move("unmute oneself", "DELETE", "muted/me", "unmute.self"),
)
BLOCK: Final = Move("block", "PUT", "blocked/{who}", "participant.block", by_host=True)


@dataclass
class Part:
    """One person's part in one room, as the acknowledged moves make it."""

    present: bool = False
    hand_up: bool = False
    seated: bool = False
    muted: bool = True

    def adds(self, move: Move) -> tuple[str, ...]:
        """The types of events that a move adds now; none if it is refused or changes nothing."""
        leaves_stage = ("speaker.demoted", "participant.unseated")
        match move.name:
            case "join" if not self.present:
                return ("participant.joined",)
            case "leave" if self.present:
                return (*(leaves_stage if self.seated else ()), "participant.left")
            case "raise hand" if self.present and not self.hand_up and not self.seated:
                return ("hand.raised",)
            case "promote" if self.present and not self.seated:
                return ("speaker.promoted", "participant.seated")
            case "demote" | "step down" if self.seated:
                return leaves_stage
            case "mute" | "mute oneself" if self.seated and not self.muted:
                return ("speaker.muted",)
            case "unmute oneself" if self.seated and self.muted:
                return ("speaker.unmuted",)
            case "block":
                gone = ("participant.left",) if self.present else ()
                return (*(leaves_stage if self.seated else ()), *gone, "participant.blocked")
        return ()

    def take(self, kinds: Sequence[str]) -> None:
        """Go on from these events."""
        for kind in kinds:
            match kind:
                case "participant.joined":
                    self.present = True
                case "participant.left" | "participant.blocked":
                    self.present = self.hand_up = False
                case "hand.raised":
                    self.hand_up = True
                case "speaker.promoted":
                    self.seated, self.muted, self.hand_up = True, True, False
                case "speaker.demoted":
                    self.seated = False
                case "speaker.muted" | "speaker.unmuted":
                    self.muted = kind == "speaker.muted"


class Visitor(threading.Thread):
    """One person in one room; whatever concerns the person is asked for by this thread alone.

    So it knows what each acknowledgement promises, while the room itself is shared with others.
    """

    def __init__(self, person: Person, host: Person, room_id: str, seed: str) -> None:
        super().__init__(name=f"visitor {person.id}", daemon=True)
        self.operations: list[Operation] = []
        self._person, self._host, self._room_id = person, host, room_id
        self._chance = random.Random(seed)
        self._part = Part()
        self._sockets: dict[str, RoomSocket] = {}
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Ask the thread to end when its last wish is resolved."""
        self._stopped.set()

    def run(self) -> None:
        """Make one move after the other."""
        while not self._stopped.wait(self._chance.uniform(0, 2 * PAUSE_S)):
            self.ask_for(self._next_move())
        for socket in self._sockets.values():
            socket.close()

    def ask_for(self, move: Move) -> Operation:
        """Ask for a move under one key until it is known how it ended."""
        actor = self._host if move.by_host else self._person
        over_socket, key = self._chance.random() < 0.5, secrets.token_hex(8)
        path = f"rooms/{self._room_id}/{move.path.format(who=self._person.id)}"
        command_id = (
            socket_command_id(actor.id, self._room_id, key)
            if over_socket
            else rest_command_id(actor.id, move.method, PREFIX + path, key)
        )
        asked = Operation(
            move.name, self._room_id, self._person.id, command_id, self._part.adds(move)
        )
        self.operations.append(asked)
        deadline = time.monotonic() + RESOLVED_WITHIN_S
        while time.monotonic() < deadline:
            try:
                if over_socket:
                    self._over_socket(asked, actor, move, key)
                else:
                    self._over_rest(asked, actor, move, path, key)
                break
            except NoAnswer as error:
                asked.attempts.append(Outcome.UNKNOWN)
                asked.problem = str(error)
                time.sleep(self._chance.uniform(0.05, 0.3))
        if asked.outcome is Outcome.OK:
            self._part.take(asked.adds)
        return asked

    def _next_move(self) -> Move:
        sensible = [move for move in MOVES if self._part.adds(move)]
        return self._chance.choice(sensible if self._chance.random() < SENSIBLE else MOVES)

    def _over_rest(self, asked: Operation, actor: Person, move: Move, path: str, key: str) -> None:
        answer = actor.ask(move.method, path, Idempotency_Key=key)
        asked.attempts.append(Outcome.OK if answer.status < 300 else Outcome.FAIL)
        asked.position, asked.problem = answer.position, answer.code
        asked.seq = answer.body.get("seq")

    def _over_socket(self, asked: Operation, actor: Person, move: Move, key: str) -> None:
        socket = self._sockets.get(actor.id)
        if socket is None or not socket.is_open:
            socket = self._sockets[actor.id] = RoomSocket(actor, self._room_id)
        data = {"account_id": self._person.id} if move.by_host else {}
        answer = socket.command(move.frame, key, **data)
        asked.attempts.append(Outcome.OK if answer["type"] == "ack" else Outcome.FAIL)
        asked.seq = answer.get("seq")
        asked.problem = answer.get("problem", {}).get("code", "")
