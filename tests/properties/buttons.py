# ruff: noqa: ARG002 - every button is pressed with the same facts
"""Every button of a room, pressed on the pure domain as the commands press it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from rooms.domain.participation import Participation
from rooms.domain.room import Room
from rooms.domain.stage import Stage
from rooms.domain.words import AudiencePolicy, SpeakPolicy
from spaces_project.kernel.entity import DomainEvent
from tests.domain.scenes import ROOM


class World:
    """A room and its people, their log and the stage that follows it.

    A button decides on copies; only what it records is kept, as the event log keeps it.
    """

    room_type = Room
    participation_type = Participation

    def __init__(self, people: list[UUID], follows: set[tuple[UUID, UUID]]) -> None:
        self.follows = follows
        self.room = self.room_type(ROOM)
        self.parts = {
            who: self.participation_type(UUID(int=who.int + 1), ROOM, who) for who in people
        }
        self.log: list[DomainEvent] = []
        self.stage = Stage(ROOM)

    def press(self, button: str, who: UUID, by: UUID, at: datetime) -> None:
        """Ask for something about ``who``; a refusal goes through and changes nothing."""
        room, part = self.room.copy(), self.parts[who].copy()
        getattr(self, f"_{button}")(room, part, by, at)
        self.keep(room, part)

    def keep(self, room: Room, part: Participation | None = None) -> None:
        """Append what was decided, the room's events first."""
        decided = room.collect_events() + (part.collect_events() if part else [])
        self.room = room
        if part:
            self.parts[part.account_id] = part
        for happened in decided:
            self.log.append(happened)
            self.stage.apply(happened, len(self.log))

    def replayed(self) -> tuple[Room, dict[UUID, Participation]]:
        """Return the entities that the log makes."""
        room = self.room_type(ROOM)
        parts = {
            who: self.participation_type(part.id, ROOM, who) for who, part in self.parts.items()
        }
        by_stream = {part.id: part for part in parts.values()}
        for happened in self.log:
            entity = room if happened.originator_id == ROOM else by_stream[happened.originator_id]
            entity.apply(happened)
        return room, parts

    def _start(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        room.start(by, at)

    def _end(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        room.end(by, at)

    def _close_doors(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        room.change_policies(AudiencePolicy.FOLLOWERS, SpeakPolicy.FOLLOWED_BY_HOST, by, at)

    def _open_doors(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        room.change_policies(AudiencePolicy.PUBLIC, SpeakPolicy.EVERYONE, by, at)

    def _join(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        who = part.account_id
        part.must_be_welcome()
        follows_host = (who, room.host_id) in self.follows
        room.must_admit(who, follows_host=follows_host, shown=part.pass_at(at))
        part.join(at)

    def _leave(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        who = part.account_id
        room.must_not_be_over()
        if who == room.host_id:
            if not room.seats[who].muted:
                room.mute(who, who, at)
        elif who in room.seats:
            room.step_down(who, at)
        part.leave(at)

    def _raise_hand(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        who = part.account_id
        room.must_let_ask(who, followed_by_host=(room.host_id, who) in self.follows)
        part.raise_hand(at)

    def _lower_hand(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        room.must_be_live()
        if by != part.account_id:
            room.must_lead(by)
        part.lower_hand(by, at)

    def _promote(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        room.promote_speaker(part.account_id, by, at)
        part.take_seat(by, at)

    def _demote(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        if by == part.account_id:
            room.step_down(by, at)
        else:
            room.demote_speaker(part.account_id, by, at)
        part.give_seat_back(by, at)

    def _mute(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        room.mute(part.account_id, by, at)

    def _unmute(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        room.unmute(part.account_id, by, at)

    def _remove(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        room.must_be_live()
        room.must_lead(by)
        self._put_out(room, part, by, at, part.remove)

    def _block(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        room.must_be_hosted_by(by)
        self._put_out(room, part, by, at, part.block)

    def _unblock(self, room: Room, part: Participation, by: UUID, at: datetime) -> None:
        room.must_be_hosted_by(by)
        part.unblock(by, at)

    def _put_out(
        self,
        room: Room,
        part: Participation,
        by: UUID,
        at: datetime,
        how: Callable[[UUID, datetime], None],
    ) -> None:
        room.must_not_host(part.account_id)
        if part.account_id in room.seats:
            room.demote_speaker(part.account_id, by, at)
        how(by, at)


BUTTONS = [
    "start", "end", "close_doors", "open_doors", "join", "leave", "raise_hand", "lower_hand",
    "promote", "demote", "mute", "unmute", "remove", "block", "unblock",
]  # fmt: skip
