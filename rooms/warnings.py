"""Warnings of a speaker whom a viewer has blocked: to that viewer alone, beside the events."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final
from uuid import UUID

from accounts import queries as accounts
from rooms.channel import RoomChannel
from rooms.domain.events import SpeakerPromoted
from rooms.snapshots import BLOCKED_SPEAKER
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.ids import public
from spaces_project.kernel.sockets.connection import SocketConnection
from spaces_project.kernel.sockets.frames import text_frame

WARNING: Final = "warning"
InThread = Callable[..., Awaitable[Any]]


def new_speakers(news: Iterable[DomainEvent]) -> list[UUID]:
    """Return who has just taken a seat."""
    return [happened.account_id for happened in news if isinstance(happened, SpeakerPromoted)]


async def warn_of(speaker_id: UUID, channel: RoomChannel, in_thread: InThread) -> None:
    """Warn everybody here who has blocked somebody who took a seat; one query for all."""
    here = {connection.account_id for connection in channel.connections} - {speaker_id}
    warned = set(await in_thread(accounts.who_blocked, speaker_id, here)) if here else set()
    for connection in list(channel.connections):
        if connection.account_id in warned:
            connection.send_ephemeral(frame_of(speaker_id))


async def warn_again(
    connection: SocketConnection, channel: RoomChannel, shown: set[UUID], in_thread: InThread
) -> None:
    """Warn somebody who has come to the ring, and may have missed what was said meanwhile.

    :param shown: speakers of whom a snapshot has warned.
    """
    on_stage = set(channel.stage.seats) - shown - {connection.account_id}
    if on_stage:
        blocks = await in_thread(accounts.blocks_between, connection.account_id, on_stage)
        for speaker_id in sorted(blocks.of):
            connection.send_ephemeral(frame_of(speaker_id))


def frame_of(speaker_id: UUID) -> bytes:
    """Return the frame that warns of a speaker."""
    account_id = public("acc", speaker_id)
    return text_frame({"type": WARNING, "code": BLOCKED_SPEAKER, "account_id": account_id})
