"""The same history as the bare library keeps it."""

from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from bench.house import House


class Stage(Aggregate):
    """A room's stage, as the library's guide writes an aggregate."""

    @event("Created")
    def __init__(self, title: str, host_id: UUID) -> None:
        self.title = title
        self.microphones = {host_id: False}

    @event("Muted")
    def mute(self, account_id: UUID, by: UUID) -> None:
        """Close a microphone."""
        self.microphones[account_id] = by != account_id

    @event("Unmuted")
    def unmute(self, account_id: UUID, by: UUID) -> None:
        """Open a microphone."""
        self.microphones[account_id] = by == account_id


class LongStage:
    """A stage of so many events, in an application without cache and snapshots."""

    def __init__(self, at: House, events: int) -> None:
        self._application = at.peer_application("bare", Application[UUID])
        host = uuid4()
        stage = Stage("A long evening", host)
        while stage.version < events:
            (stage.mute if stage.microphones[host] else stage.unmute)(host, host)
        self._application.save(stage)
        self._stage_id, self._events = stage.id, events

    def load(self) -> None:
        """Load it."""
        stage: Stage = self._application.repository.get(self._stage_id)
        assert stage.version == self._events

    def close(self) -> None:
        """Close what is open."""
        self._application.close()
