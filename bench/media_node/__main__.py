"""Runs one node with one live room in which one person may be heard and everybody may listen."""

import asyncio
import dataclasses
import json
import signal
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from bench.media_node import Address
from media.node import MediaNode, calm_garbage_collection
from media.stages import Stages
from spaces_project.kernel.ids import new_id, parse, public

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class OpenStage:
    """A live room that never changes."""

    speaker_id: UUID
    state: str | None = "live"
    seq: int = 0
    is_whole: bool = True
    seats: dict[UUID, object] = field(default_factory=dict)
    present: frozenset[UUID] = frozenset()

    def may_be_heard(self, account_id: UUID) -> bool:
        """Only the speaker."""
        return account_id == self.speaker_id

    def may_listen(self, account_id: UUID) -> bool:
        """Everybody."""
        return account_id != UUID(int=0)

    def apply(self, event: object, seq: int) -> None:
        """There are no events here."""
        raise NotImplementedError(f"{event} at {seq}")


@dataclass(frozen=True)
class Somebody:
    """Whom a token speaks for, and until when."""

    account_id: UUID
    expires_at: datetime = NEVER


def identify(token: str) -> Somebody:
    """Take an account's public id for its token."""
    return Somebody(parse("acc", token))


async def main() -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    stage = OpenStage(new_id())
    stage.seats[stage.speaker_id] = "host"
    node = MediaNode(identify=identify, stages=Stages(lambda _room_id: stage))
    ports = await node.start()
    calm_garbage_collection()
    address = Address(ports.http, public("room", new_id()), public("acc", stage.speaker_id))
    sys.stdout.write(json.dumps(dataclasses.asdict(address)) + "\n")
    sys.stdout.flush()
    await stop.wait()
    await node.stop()


asyncio.run(main())
