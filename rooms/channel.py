"""A room's channel: its fold, its ring of frames, and the sockets that may follow it."""

import time
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from rooms.announcements import Announcement, Names
from rooms.crowd import ABOUT_HANDS, SeenBy, Watched, concerned, is_crowd
from rooms.domain.events import (
    Joined,
    ParticipantBlocked,
    ParticipantRemoved,
    RoomEnded,
    SeatLapsed,
    SpeakerDemoted,
    SpeakerSteppedDown,
)
from rooms.domain.stage import Stage
from rooms.domain.words import RoomState
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.sockets.channel import Channel
from spaces_project.kernel.sockets.close_codes import FORBIDDEN, ROOM_OVER
from spaces_project.kernel.sockets.connection import SocketConnection
from spaces_project.kernel.sockets.frames import text_frame
from spaces_project.kernel.sockets.ring import NUMBER_ONLY, RingEntry

NAMES_FRESH_S: Final = 1.0  # a crowd comes at once; a name changes rarely
COUNTS_EVERY_S: Final = 1.0
ENDS_RIGHTS: Final = (ParticipantRemoved, ParticipantBlocked, RoomEnded)
ANEW: Final = object()  # in a socket's inbox: what it was told of is told otherwise from now on
OFF_STAGE: Final = (SpeakerDemoted, SpeakerSteppedDown, SeatLapsed)
Told = tuple[Recorded, Announcement | None]  # None: nobody here needs its words


class RoomChannel(Channel):
    """One open room: its fold, its ring, its sockets.

    ``guests`` counts who opened it and has not left: sockets, and those that are on their way in.
    """

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.seq)
        self.stage = stage
        self.guests = 0
        self.watched = Watched()
        self.is_crowd = is_crowd(len(stage.present), settings.ROOM_RULES.big_room, was=False)
        self._named: tuple[int, float, Names] = (-1, 0.0, {})
        self._stepped_down: set[UUID] = set()  # named to all, so their going is told to all
        self._counted_at = 0.0

    @property
    def epoch(self) -> str:
        """Name the log's incarnation and how the room is told: neither is resumed in another."""
        return f"{settings.EPOCH}.crowd" if self.is_crowd else str(settings.EPOCH)

    def add(self, connection: SocketConnection) -> None:
        """Look after a connection."""
        if connection not in self.connections:
            self.connections.add(connection)
            self.watched.here[connection.account_id] += 1

    def discard(self, connection: SocketConnection) -> None:
        """Forget a connection, and its person with the last one."""
        if connection in self.connections:
            self.connections.discard(connection)
            here = self.watched.here
            here[connection.account_id] -= 1
            if not here[connection.account_id]:
                del here[connection.account_id]
                self.watched.forget(connection.account_id)

    def names_at(self, seq: int) -> Names | None:
        """Return who is named in the snapshot at a seq; None if that is not known any more."""
        at, found_at, names = self._named
        return names if at == seq and time.monotonic() - found_at < NAMES_FRESH_S else None

    def keep_names(self, seq: int, names: Names) -> None:
        """Keep who is named in the snapshot at a seq, for those who come right behind."""
        if self._named[2] is not names:
            self._named = (seq, time.monotonic(), names)

    def needs_words(self, happened: DomainEvent) -> bool:
        """Tell, on any thread, whether anybody here may see what an event says."""
        who = self._stranger(happened)
        return who is None or self._is_of_the_line(happened, who) or self.watched.asks_about(who)

    def _is_of_the_line(self, happened: DomainEvent, who: UUID) -> bool:
        """Tell whether an event changes who waits for a seat, which leaders see by name."""
        return isinstance(happened, ABOUT_HANDS) or who in self.stage.hands

    def _stranger(self, happened: DomainEvent) -> UUID | None:
        """Return whose coming, going or asking is only a number to most; None if it is none."""
        who = concerned(happened) if self.is_crowd else None
        return None if who in self.stage.seats or who in self._stepped_down else who

    def take(self, told: Sequence[Told]) -> None:
        """Fold and publish the next events, and end what each ends before the next is told.

        :raises LookupError: if an event is missing.
        """
        led, entries = self._leaders(), list[RingEntry]()
        news = [(r, a) for r, a in told if (r.seq or 0) > self.head]
        for place, (recorded, words) in enumerate(news, start=self.head + 1):
            if recorded.seq != place:
                raise LookupError(f"room {self.stage.room_id}: {recorded.seq} came, not {place}")
            entries.append(self._entry(recorded, words))
            if isinstance(recorded.event, ENDS_RIGHTS):
                self.publish(entries, hold=self.is_crowd)
                entries = []
                for connection in list(self.connections):
                    self.end_rights(connection)
        self.publish(entries, hold=self.is_crowd)
        if self.is_crowd and (new := self._leaders() - led):  # they see the line from now on
            for connection in [c for c in self.connections if c.live and c.account_id in new]:
                self.begin_anew(connection)
        size = settings.ROOM_RULES.big_room
        if is_crowd(len(self.stage.present), size, was=self.is_crowd) != self.is_crowd:
            self._change_size()

    def _entry(self, recorded: Recorded, words: Announcement | None) -> RingEntry:
        seq, happened = recorded.seq or 0, recorded.event
        stranger, before = self._stranger(happened), list(self.stage.seats)
        of_the_line = stranger is not None and self._is_of_the_line(happened, stranger)
        self.stage.apply(happened, seq)
        if self.is_crowd:
            self._stepped_down.update(a for a in before if a not in self.stage.seats)
        if stranger is not None:
            leaders = self._leaders() if of_the_line else frozenset()
            seen_by = SeenBy(self.watched, stranger, leaders)
            # In public words: who put somebody out is told to whom it may be told by the removal.
            told = text_frame(words.public) if words else None
            return RingEntry(seq, told, NUMBER_ONLY, seen_by)
        if words is None:  # it was put into no words a moment ago, before the room was told so
            return RingEntry(seq, None, NUMBER_ONLY)
        full = text_frame(words.full)
        if words.public is words.full:
            return RingEntry(seq, full, full)
        full_for = self._leaders() | ({words.concerns} if words.concerns else set())
        return RingEntry(seq, full, self._public(words), full_for)

    def _public(self, words: Announcement) -> bytes:
        is_number = self.is_crowd and words.public["type"] == "redacted"
        return NUMBER_ONLY if is_number else text_frame(words.public)

    def _leaders(self) -> frozenset[UUID]:
        return frozenset(a for a in self.stage.seats if self.stage.leads(a))

    def hides(self, happened: DomainEvent, viewer_id: UUID, *, leads: bool) -> bool:
        """Tell, on any thread, whether an event of the past is only a number to somebody."""
        if self.is_crowd and isinstance(happened, OFF_STAGE):
            self._stepped_down.add(happened.account_id)
        who = self._stranger(happened)
        if who is None or who == viewer_id or (leads and not isinstance(happened, Joined)):
            return False  # who left may have waited for a seat
        return not self.watched.follows(viewer_id, who)

    def _change_size(self) -> None:
        """Tell the room otherwise from now on: every socket begins anew with a snapshot."""
        self.is_crowd = not self.is_crowd
        self._stepped_down.clear()
        self.told = self.head
        self.ring.clear()  # told the other way: who resumes from before reads the log
        for connection in list(self.connections):
            if connection.live:
                self.begin_anew(connection)

    def is_told_rightly(self, connection: SocketConnection) -> bool:
        """Tell whether a socket was brought up to how the room is told now."""
        is_watched = not self.is_crowd or self.watched.knows(connection.account_id)
        return connection.epoch == self.epoch and is_watched

    def begin_anew(self, connection: SocketConnection) -> None:
        """Let a socket have a snapshot next."""
        connection.live, connection.epoch = False, ""
        connection.protocol.keep(ANEW, 0)

    def tick(self, now: float) -> None:
        """Tell a crowd, once a second, how many there are; whoever waits, in which place."""
        if not self.is_crowd or now - self._counted_at < COUNTS_EVERY_S:
            return
        self._counted_at = now
        if self.told < self.head:
            self.tell()
        counts = (len(self.stage.present), len(self.stage.hands))
        frame = text_frame(_counts(*counts))
        places = {a: place for place, a in enumerate(self.stage.hands, start=1)}
        for connection in list(self.connections):
            place = places.get(connection.account_id)
            known = (*counts, place)
            if connection.live and connection.counted != known:
                mine = frame if place is None else text_frame(_counts(*counts, place))
                if connection.offer(mine):
                    connection.counted = known

    def pump(self, connection: SocketConnection) -> None:
        """Send a socket what it lacks; after the last event of all, say goodbye."""
        super().pump(connection)
        if self.stage.state is RoomState.ENDED:
            self.end_rights(connection)

    def end_rights(self, connection: SocketConnection) -> None:
        """Close a socket that may follow the room no longer, or has heard it to its end."""
        if self.stage.is_put_out(connection.account_id):
            connection.close(FORBIDDEN, "removed from this room")
        elif self.stage.state is RoomState.ENDED and self._has_heard_all(connection):
            connection.close(ROOM_OVER, "the room has ended")

    def _has_heard_all(self, connection: SocketConnection) -> bool:
        return connection.live and connection.cursor >= self.head


def _counts(participant_count: int, hand_count: int, place: int | None = None) -> dict[str, Any]:
    found = {"type": "counts", "participant_count": participant_count, "hand_count": hand_count}
    return found if place is None else {**found, "hand_position": place}
