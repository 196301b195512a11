"""What happens, as it happens: one line for each event."""

import queue
import signal
from argparse import ArgumentParser
from collections.abc import Sequence
from types import FrameType
from typing import Any
from uuid import UUID

import msgspec
import orjson
from django.core.management.base import BaseCommand, CommandError

from spaces_project.kernel.authentication import ACCOUNT
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.ids import parse, public
from spaces_project.kernel.live_feed import LiveFeed
from spaces_project.kernel.log.event_log import Recorded, event_log
from spaces_project.wiring import story

SHOWN_BEFORE = 20  # events of all rooms; of one room all are shown
SKELETON = frozenset(DomainEvent.__struct_fields__)


class Command(BaseCommand):
    """``manage.py follow_log [ROOM]``."""

    help = "Print every event of a room, or of all rooms, as it is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the room; none means all of them."""
        parser.add_argument("room", nargs="?", metavar="ROOM", help="a room's id, room_...")
        parser.add_argument("--words", action="store_true", help="tell it in sentences")
        parser.add_argument("--once", action="store_true", help="print what there is, then end")

    def handle(self, **options: Any) -> None:
        """Print until told to stop."""
        room_id = _room(options["room"])
        self._lines = in_words if options["words"] else in_facts
        self._names_rooms = room_id is None
        head = event_log().head()
        self._print(_past(room_id, head))
        if options["once"]:
            return
        arrived: queue.Queue[Sequence[Recorded] | None] = queue.Queue()

        def stop(_number: int, _frame: FrameType | None) -> None:
            arrived.put(None)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        LiveFeed(arrived.put, after=head).start()
        while (batch := arrived.get()) is not None:
            self._print([each for each in batch if room_id in (None, each.room_id)])

    def _print(self, batch: Sequence[Recorded]) -> None:
        for recorded, text in self._lines(batch):
            self.stdout.write(f"{_name_of_room(recorded)}  {text}" if self._names_rooms else text)


def in_facts(batch: Sequence[Recorded]) -> list[tuple[Recorded, str]]:
    """Return each event with a line that has everything that stands in it."""
    return [(recorded, line(recorded)) for recorded in batch]


def in_words(batch: Sequence[Recorded]) -> list[tuple[Recorded, str]]:
    """Return each event of which there is something to tell, with a line that has a sentence."""
    return [
        (recorded, f"{recorded.seq or '-':>6}  {recorded.event.at:%H:%M:%S}  {sentence}")
        for recorded, sentence in story(batch)
    ]


def _name_of_room(recorded: Recorded) -> str:
    """Return the room of an event as clients know it, as wide as any."""
    name = public("room", recorded.room_id) if recorded.room_id else "-"
    return f"{name:<31}"


def line(recorded: Recorded) -> str:
    """Return one event: position, seq, time, stored name, facts; people as clients know them."""
    happened = recorded.event
    facts = {
        name: public(ACCOUNT, value) if isinstance(value, UUID) else value
        for name, value in msgspec.to_builtins(happened, builtin_types=(UUID,)).items()
        if name not in SKELETON
    }
    if happened.by is not None:
        facts["by"] = public(ACCOUNT, happened.by)
    said = orjson.dumps(facts, default=str)
    seq = "-" if recorded.seq is None else recorded.seq
    topic = getattr(happened, "topic", happened.TOPIC)
    return f"{recorded.position:>8} {seq:>6}  {happened.at:%H:%M:%S}  {topic:<28} {said.decode()}"


def _room(text: str | None) -> UUID | None:
    try:
        return parse("room", text) if text else None
    except ValueError as error:
        raise CommandError(
            f"{text} is no room's id; it begins with room_ and stands in the room's address."
        ) from error


def _past(room_id: UUID | None, head: int) -> list[Recorded]:
    """What is printed first: the whole room, or the end of the log."""
    if room_id is None:
        return event_log().read(max(0, head - SHOWN_BEFORE), SHOWN_BEFORE)
    return [each for each in event_log().history(room_id) if each.position <= head]
