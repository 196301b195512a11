"""A room in which a microphone is opened and closed until its history is long."""

from collections.abc import Callable

from django.conf import settings

from rooms import commands, queries
from rooms.domain.room import Room
from rooms.domain.stage import Stage
from spaces_project.kernel.clock import now
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.log.grounds import Grounds, standing_on
from spaces_project.presets import PRESETS


class LongRoom:
    """A room of so many events."""

    def __init__(self, events: int) -> None:
        settings.PRESET = PRESETS["classic"]  # anybody may host
        host = new_id()
        self.room_id = commands.open_room(host_id=host, title="A long evening").entity_id
        commands.start(room_id=self.room_id, by=host)
        room = event_log().load(Room, self.room_id)
        while room.version < events:
            (room.unmute if room.seats[host].muted else room.mute)(host, host, now())
        event_log().append(room)
        self._events = events
        self._load()

    def load(self) -> None:
        """Load it as a process does that has never seen it."""
        event_log().streams.cache.clear()
        self._load()

    def shortcuts(self) -> dict[str, Callable[[], None]]:
        """Return the ways that spare work, and what is spared for sockets: the whole stage."""
        return {
            "cached, as in a command": self._load_in_command,
            "cached, the log asked for news": self._load,
            "the room's stage from the log": self._fold,
            "the room's stage from a snapshot": self._stage,
        }

    def _load_in_command(self) -> None:
        with standing_on(Grounds(fresh=False)):
            self._load()

    def _fold(self) -> None:
        stage = Stage(self.room_id)
        for recorded in event_log().history(self.room_id):
            stage.apply(recorded.event, recorded.seq or 0)
        assert stage.seq == self._events

    def _stage(self) -> None:
        assert queries.stage_now(self.room_id).seq == self._events

    def _load(self) -> None:
        assert event_log().load(Room, self.room_id).version == self._events

    def close(self) -> None:
        """Close what is open."""
        event_log().close()
