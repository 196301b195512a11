"""``python manage.py demo_speaker``: the synthetic speaker and the caretaker of the demo's room."""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from accounts import queries as accounts
from media.demo.caretaker import LOOK_EVERY_S, Caretaker
from media.demo.speaker import speak
from rooms import queries as rooms
from spaces_project.kernel.authentication import issue_token
from spaces_project.kernel.ids import public
from spaces_project.kernel.outages import passes

log = logging.getLogger(__name__)

HANDLE: Final = "narrator"
LIFETIME: Final = timedelta(minutes=5)


class Command(BaseCommand):
    """Speak in the demo's room until SIGTERM."""

    help = "Plays a recording into the demo's room, as a WebRTC client, and keeps the room going."
    requires_system_checks = ()  # web makes them; here they would load every page

    def handle(self, *_: Any, **options: Any) -> None:
        """Run."""
        del options
        try:
            account_id, room_id = _who_and_where()
        except DatabaseError as error:
            reason = str(error).partition("\n")[0]
            raise CommandError(f"the database does not answer ({reason}); try again") from error

        def token() -> str:
            return issue_token(account_id, frozenset(), LIFETIME)

        asyncio.run(_until_told(settings.BASE_URL, Caretaker(room_id, account_id), token))


def _who_and_where() -> tuple[UUID, UUID]:
    person = accounts.person_by_handle(HANDLE)
    if person is None:
        raise CommandError("there is no demo yet; run ./spaces run first")
    room_id = rooms.room_where_on_stage(person.account_id)
    if room_id is None:
        raise CommandError("the demo's room is over; ./spaces run opens a new one")
    return person.account_id, room_id


async def _until_told(base_url: str, caretaker: Caretaker, token: Callable[[], str]) -> None:
    def room() -> str:
        return public("room", caretaker.room_id)

    care = asyncio.ensure_future(_take_care(caretaker))
    speaking = asyncio.ensure_future(speak(base_url, room, token))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, speaking.cancel)
    with suppress(asyncio.CancelledError):
        await speaking
    care.cancel()


async def _take_care(caretaker: Caretaker) -> None:
    while True:
        try:
            await asyncio.to_thread(caretaker.look)
        except Exception as error:
            log.warning("the demo's room is left alone: %s", error, exc_info=not passes(error))
        await asyncio.sleep(LOOK_EVERY_S)
