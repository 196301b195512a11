"""Runs one node with live rooms in which a few may be heard and everybody may listen.

python -m bench.media_node SPEAKERS
"""

import asyncio
import dataclasses
import json
import signal
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from bench.media_node import Address
from media.node import MediaNode, calm_garbage_collection
from media.stages import Stages
from spaces_project.kernel.ids import new_id, parse, public

NEVER: Final = datetime.max.replace(tzinfo=UTC)
ROOMS: Final = 3


@dataclass
class OpenStage:
    """A live room that never changes."""

    state: str | None = "live"
    seq: int = 0
    is_whole: bool = True
    seats: dict[UUID, object] = field(default_factory=dict)
    present: frozenset[UUID] = frozenset()

    def may_be_heard(self, account_id: UUID) -> bool:
        """Only who has a seat."""
        return account_id in self.seats

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
    credential: UUID | None = None


async def identify(token: str, on_behalf_of: str = "") -> Somebody:
    """Take an account's public id for its token."""
    del on_behalf_of
    return Somebody(parse("acc", token))


async def main(speakers: int) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    stage = OpenStage(seats={new_id(): "speaker" for _ in range(speakers)})
    node = MediaNode(identify=identify, stages=Stages(lambda _room_id: stage))
    ports = await node.start()
    calm_garbage_collection()
    rooms = f"http://127.0.0.1:{ports.http}/api/v1/rooms"
    address = Address(
        rooms=[f"{rooms}/{public('room', new_id())}" for _ in range(ROOMS)],
        speakers=[public("acc", account_id) for account_id in stage.seats],
    )
    sys.stdout.write(json.dumps(dataclasses.asdict(address)) + "\n")
    sys.stdout.flush()
    await stop.wait()
    await node.stop()


asyncio.run(main(int(sys.argv[1])))
