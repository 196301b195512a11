"""``python manage.py demo_speaker``: the synthetic speaker of the demo's room."""

import asyncio
import signal
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from accounts import queries as accounts
from media.demo.speaker import speak
from rooms import queries as rooms
from spaces_project.kernel.authentication import issue_token
from spaces_project.kernel.ids import public

HANDLE: Final = "narrator"
LIFETIME: Final = timedelta(minutes=5)


class Command(BaseCommand):
    """Speak in the demo's room until SIGTERM."""

    help = "Plays a recording into the demo's room, as a WebRTC client."
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

        asyncio.run(_until_told(settings.BASE_URL, public("room", room_id), token))


def _who_and_where() -> tuple[UUID, UUID]:
    person = accounts.person_by_handle(HANDLE)
    if person is None:
        raise CommandError("there is no demo yet; run ./spaces run first")
    room_id = rooms.room_where_on_stage(person.account_id)
    if room_id is None:
        raise CommandError("the demo's room is over; ./spaces run opens a new one")
    return person.account_id, room_id


async def _until_told(base_url: str, room: str, token: Any) -> None:
    speaking = asyncio.ensure_future(speak(base_url, room, token))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, speaking.cancel)
    try:
        await speaking
    except asyncio.CancelledError:
        return
