"""Keeps the demo's room going: a first look may come at any hour."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from typing import Final
from uuid import UUID

from django.core.management import call_command
from django.db import close_old_connections

from rooms import commands, queries
from spaces_project.kernel.ids import parse
from spaces_project.kernel.refusals import Refusal

LOOK_EVERY_S: Final = 10.0
HOST_MAY_BE_AWAY_S: Final = 60.0  # visitors see what happens then; the room must not end of it
OVER: Final = "ended"


class Caretaker:
    """Sees to it that there is a demo's room, with its host and its speaker inside.

    The host has no client of its own, and counts as connected as long as this process runs. What
    visitors do (mute, demote or remove the speaker, leave as the host) is left as it is, as far as
    the room survives it. A room that has ended, for instance after the longest time, is followed
    by a new one.
    """

    def __init__(
        self, room_id: UUID, speaker_id: UUID, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.room_id = room_id
        self._speaker_id = speaker_id
        self._clock = clock
        self._counted: tuple[UUID, UUID] | None = None
        self._host_seen_at = clock()

    def look(self) -> None:
        """Mend what is missing; blocking."""
        close_old_connections()
        stage = queries.stage_now(self.room_id)
        if stage.state == OVER or stage.host_id is None:
            self._seed()
            return
        self._count_host(stage.host_id)
        if stage.host_id in stage.present:
            self._host_seen_at = self._clock()
        elif self._clock() - self._host_seen_at >= HOST_MAY_BE_AWAY_S:
            with suppress(Refusal):
                commands.join(room_id=self.room_id, account_id=stage.host_id)
        if self._speaker_id not in stage.present and not stage.is_put_out(self._speaker_id):
            self._seed()

    def _count_host(self, host_id: UUID) -> None:
        host = (self.room_id, host_id)
        if host != self._counted:
            commands.connections().disconnected(self._counted)
            commands.connections().connected(host, self.room_id, host_id)
            self._counted = host

    def _seed(self) -> None:
        said = StringIO()
        call_command("seed_demo", "--room-only", stdout=said)
        self.room_id = parse("room", json.loads(said.getvalue())["room"])
