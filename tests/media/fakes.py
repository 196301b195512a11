"""A log of one room without a database: what media needs of the kernel and of rooms."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from media.stages import Stages
from rooms.domain.errors import RoomNotFound
from spaces_project.kernel.ids import new_id, parse, public
from spaces_project.kernel.refusals import NotAuthenticated

ANA, BO, CY = new_id(), new_id(), new_id()
NEVER = datetime.max.replace(tzinfo=UTC)

FakeEvent = Callable[["FakeStage"], None]


@dataclass
class FakeStage:
    """The few facts of a stage that media reads."""

    state: str = "live"
    seq: int = 0
    seats: dict[UUID, str] = field(default_factory=dict)
    muted: set[UUID] = field(default_factory=set)
    out: set[UUID] = field(default_factory=set)
    present: set[UUID] = field(default_factory=lambda: {ANA, BO, CY})
    is_whole: bool = True

    def may_be_heard(self, account_id: UUID) -> bool:
        seated = account_id in self.seats and account_id not in self.muted | self.out
        return self.state == "live" and seated

    def may_listen(self, account_id: UUID) -> bool:
        inside = account_id in self.present or account_id in self.seats
        return self.state == "live" and inside and account_id not in self.out

    def apply(self, event: FakeEvent, seq: int) -> None:
        event(self)
        self.seq = seq


@dataclass(frozen=True)
class FakeRecorded:
    """An event and its place in the room."""

    room_id: UUID
    seq: int
    event: FakeEvent


class FakeStageFeed:
    """A log, and a feed that tells of it from a thread of its own, as the real one does."""

    def __init__(self) -> None:
        self.room_id = new_id()
        self.recorded: list[FakeRecorded] = []
        self.stages = Stages(self.stage_now)
        self.delivers = True

    def stage_now(self, room_id: UUID) -> FakeStage:
        if room_id != self.room_id:
            raise RoomNotFound
        stage = FakeStage()
        for recorded in self.recorded:
            if recorded.room_id == room_id:
                stage.apply(recorded.event, recorded.seq)
        return stage

    def commit(self, event: FakeEvent) -> None:
        recorded = FakeRecorded(self.room_id, len(self.recorded) + 1, event)
        self.recorded.append(recorded)
        if self.delivers:
            self.deliver([recorded])

    def deliver(self, batch: Sequence[FakeRecorded]) -> None:
        thread = threading.Thread(target=self.stages.on_batch, args=(batch,))
        thread.start()
        thread.join()

    def seat(self, account_id: UUID) -> None:
        self.commit(lambda stage: stage.seats.update({account_id: "speaker"}))

    def unseat(self, account_id: UUID) -> None:
        self.commit(lambda stage: stage.seats.__delitem__(account_id))

    def mute(self, account_id: UUID) -> None:
        self.commit(lambda stage: stage.muted.add(account_id))

    def unmute(self, account_id: UUID) -> None:
        self.commit(lambda stage: stage.muted.discard(account_id))

    def remove(self, account_id: UUID) -> None:
        self.commit(lambda stage: stage.out.add(account_id))

    def leave(self, account_id: UUID) -> None:
        self.commit(lambda stage: stage.present.discard(account_id))

    def end(self) -> None:
        def ended(stage: FakeStage) -> None:
            stage.state = "ended"
            stage.present.clear()
            stage.seats.clear()

        self.commit(ended)

    def unreadable(self) -> None:
        self.commit(lambda stage: setattr(stage, "is_whole", False))


@dataclass(frozen=True)
class FakeIdentity:
    """Whom a token speaks for, and until when."""

    account_id: UUID
    expires_at: datetime = NEVER
    credential: UUID | None = None


async def identify(token: str, on_behalf_of: str = "") -> FakeIdentity:
    """A token is just the account's public id here, and the second when it ends, if it does."""
    del on_behalf_of
    account, _, ends_at = token.partition("@")
    expires_at = datetime.fromtimestamp(float(ends_at), UTC) if ends_at else NEVER
    try:
        return FakeIdentity(parse("acc", account), expires_at)
    except ValueError:
        raise NotAuthenticated from None


def token_of(account_id: UUID) -> str:
    return public("acc", account_id)
