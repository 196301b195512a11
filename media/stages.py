"""Which rooms' stages this node follows: who may be heard, decided by the log alone."""

import asyncio
import logging
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, Final, NoReturn, Protocol
from uuid import UUID

from media.doubts import Doubts
from spaces_project.kernel.ids import new_id

log = logging.getLogger(__name__)

LIVE: Final = "live"
_REPAIR_PAUSE_S: Final = 0.5
_READ_AGAIN_S: Final = 30.0  # an event that cannot be read stays so until somebody restores it


class FollowedStage(Protocol):
    """What media reads of a room: ``rooms.domain.stage.Stage`` is one."""

    @property
    def state(self) -> str | None: ...  # noqa: D102
    @property
    def seq(self) -> int: ...  # noqa: D102
    @property
    def is_whole(self) -> bool: ...  # noqa: D102 - every event so far could be read
    @property
    def seats(self) -> Mapping[UUID, object]: ...  # noqa: D102
    @property
    def present(self) -> Container[UUID]: ...  # noqa: D102
    def may_be_heard(self, account_id: UUID, /) -> bool: ...  # noqa: D102
    def may_listen(self, account_id: UUID, /) -> bool: ...  # noqa: D102
    def apply(self, event: Any, seq: int, /) -> None: ...  # noqa: D102


class RoomEvent(Protocol):
    """What media reads of an event of the log: ``live_feed.Recorded`` is one."""

    @property
    def room_id(self) -> UUID | None: ...  # noqa: D102
    @property
    def seq(self) -> int | None: ...  # noqa: D102
    @property
    def event(self) -> Any: ...  # noqa: D102


def may_publish(stage: FollowedStage, account_id: UUID) -> bool:
    """Return whether this person has a seat in a live room, and was not put out of it."""
    return stage.state == LIVE and account_id in stage.seats and stage.may_listen(account_id)


def knows_of_the_room(stage: FollowedStage, account_id: UUID) -> bool:
    """Return whether this person is in the room or on its stage; for others it is not there."""
    return account_id in stage.present or account_id in stage.seats


class Stages:
    """Stages of the rooms that have sessions here, kept by applying what the feed brings.

    A stage is loaded from the log at the first request, and again whenever an event's ``seq``
    shows a hole. Until that is mended, or while an event cannot be read, nobody there is heard.

    :param stage_now: reads a stage from the log; blocking, so it runs on a thread.
    """

    def __init__(self, stage_now: Callable[[UUID], FollowedStage]) -> None:
        self.catch_up: Callable[[], None] | None = None  # bring the feed to the head; blocking
        self.on_change: Callable[[UUID, FollowedStage], None] | None = None
        self.doubts = Doubts()
        self._stage_now = stage_now
        self._followed: dict[UUID, FollowedStage] = {}
        self._loading: dict[UUID, asyncio.Task[FollowedStage]] = {}
        self._mending: dict[UUID, asyncio.Future[None]] = {}
        self._next: dict[UUID, asyncio.Task[FollowedStage]] = {}
        self._early: dict[UUID, list[RoomEvent]] = {}  # came while their room was being loaded
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Take batches from now on, in the running loop."""
        self._loop = asyncio.get_running_loop()

    def on_batch(self, batch: Sequence[RoomEvent]) -> None:
        """Take events from the feed's thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.take, batch)

    def get(self, room_id: UUID) -> FollowedStage | None:
        """Return a followed stage without waiting; None if the room is not followed."""
        return self._followed.get(room_id)

    def is_heard(self, room_id: UUID, account_id: UUID) -> bool:
        """Return whether a gate is open: unmuted on stage, not put out, and no doubt about it."""
        stage = self._followed.get(room_id)
        if stage is None or not stage.is_whole or self.doubts.about(room_id):
            return False
        return stage.may_be_heard(account_id) and stage.may_listen(account_id)

    async def follow(self, room_id: UUID) -> FollowedStage:
        """Return a room's stage, loading it at first; all who ask meanwhile share the load."""
        if (stage := self._followed.get(room_id)) is not None:
            return stage
        return await asyncio.shield(self._loading.get(room_id) or self._start_load(room_id))

    async def at_head(self, room_id: UUID) -> FollowedStage:
        """Return a room's stage with all that was committed before this call."""
        if self.catch_up is not None and room_id in self._followed:
            await asyncio.to_thread(self.catch_up)
            if (stage := self._followed.get(room_id)) is not None:
                return stage
        return await self.refresh(room_id)

    async def refresh(self, room_id: UUID) -> FollowedStage:
        """Return a room's stage, read from the log after this call.

        A load that runs already may have read an older head: all who ask meanwhile share the next.
        """
        running = self._loading.get(room_id)
        if running is None:
            return await asyncio.shield(self._start_load(room_id))
        if room_id not in self._next:
            self._next[room_id] = asyncio.ensure_future(self._load_after(running, room_id))
        return await asyncio.shield(self._next[room_id])

    async def deny(self) -> NoReturn:
        """Refuse just as the log does for a room that is not there: nobody can tell them apart.

        :raises Refusal: always.
        """
        await asyncio.to_thread(self._stage_now, new_id())
        raise AssertionError("a room that nobody opened has a stage")

    def hold(self, room_id: UUID, stage: FollowedStage) -> None:
        """Go on following a stage that was just read, though its room may have been left since."""
        if room_id not in self._followed:
            self._followed[room_id] = stage
            self._mend(room_id)

    def forget(self, room_id: UUID) -> None:
        """Follow a room no longer."""
        self._followed.pop(room_id, None)

    def take(self, batch: Sequence[RoomEvent]) -> None:
        """Apply what was committed, in order."""
        changed: dict[UUID, FollowedStage] = {}
        for recorded in batch:
            if recorded.room_id is None or recorded.seq is None:
                continue
            if recorded.room_id in self._early:
                self._early[recorded.room_id].append(recorded)
            stage = self._followed.get(recorded.room_id)
            if stage is not None and self._apply(stage, recorded):
                changed[recorded.room_id] = stage
        for room_id, stage in changed.items():
            self._tell(room_id, stage)

    def _apply(self, stage: FollowedStage, recorded: RoomEvent) -> bool:
        assert recorded.room_id is not None
        assert recorded.seq is not None
        if recorded.seq > stage.seq + 1:
            self._doubt(recorded.room_id, f"between seq {stage.seq} and {recorded.seq} is a hole")
        elif recorded.seq == stage.seq + 1:
            try:
                stage.apply(recorded.event, recorded.seq)
            except Exception:  # one room's event must not stop the others'
                log.exception("room %s, seq %d", recorded.room_id, recorded.seq)
                self._doubt(recorded.room_id, f"the event with seq {recorded.seq} does not fit")
            else:
                return True
        return False

    def _start_load(self, room_id: UUID) -> asyncio.Task[FollowedStage]:
        task = asyncio.ensure_future(self._load(room_id))
        self._loading[room_id] = task
        self._early.setdefault(room_id, [])
        return task

    async def _load_after(
        self, running: asyncio.Task[FollowedStage], room_id: UUID
    ) -> FollowedStage:
        await asyncio.wait([running])
        self._next.pop(room_id)
        return await (self._loading.get(room_id) or self._start_load(room_id))

    async def _load(self, room_id: UUID) -> FollowedStage:
        try:
            stage = await asyncio.to_thread(self._stage_now, room_id)
        finally:
            early = self._early.pop(room_id, [])
            del self._loading[room_id]
        if stage.is_whole:
            self.doubts.settle(room_id)
        for recorded in early:  # which may raise a doubt again
            self._apply(stage, recorded)
        held = self._followed.get(room_id)
        if held is not None and held.seq > stage.seq:
            return held
        self._followed[room_id] = stage
        self._tell(room_id, stage)
        return stage

    def _mend(self, room_id: UUID) -> None:
        """Read the room again in the background, once however often it is asked for."""
        if room_id not in self._mending:
            task = asyncio.ensure_future(self._repair(room_id))
            self._mending[room_id] = task
            task.add_done_callback(lambda _: self._mending.pop(room_id, None))

    async def _repair(self, room_id: UUID) -> None:
        while room_id in self._followed:
            try:
                await self.refresh(room_id)
            except Exception as error:  # noqa: BLE001 - whatever the storage says, try again
                self._doubt(room_id, f"the log cannot be read: {error}")
                await asyncio.sleep(_REPAIR_PAUSE_S)
            else:
                if not self.doubts.about_just(room_id):
                    return
                await asyncio.sleep(_READ_AGAIN_S)

    def _doubt(self, room_id: UUID, reason: str) -> None:
        """Silence a room until it has been read again."""
        stage = self._followed.get(room_id)
        if self.doubts.raise_about(room_id, reason) and stage is not None:
            self._tell(room_id, stage)
        self._mend(room_id)

    def _tell(self, room_id: UUID, stage: FollowedStage) -> None:
        if not stage.is_whole and not self.doubts.about_just(room_id):
            self._doubt(room_id, f"an event up to seq {stage.seq} cannot be read")
        elif self.on_change is not None:
            self.on_change(room_id, stage)
