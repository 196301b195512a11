"""The demo: people, followers and a live room, for a first look at the product."""

import json
import time
from argparse import ArgumentParser
from typing import Any, Final
from uuid import UUID

from django.core.management.base import BaseCommand
from django.db import OperationalError

from accounts import commands as accounts
from accounts import queries as people
from rooms import commands, queries
from rooms.discovery.lists import Wanted, find_rooms
from rooms.domain.words import RoomState
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.ids import public
from spaces_project.wiring import read_models

HOST: Final = ("ana", "Ana Ferreira")
LISTENER: Final = ("bo_lindqvist", "Bo Lindqvist")
STAFF: Final = ("cy_okafor", "Cy Okafor")
SPEAKER: Final = ("narrator", "The Narrator")
WHO: Final = {HOST[0]: "host", LISTENER[0]: "listener", STAFF[0]: "staff"}
FIRST_NAMES: Final = ("Ada", "Bela", "Carl", "Dora", "Emil", "Fay", "Gil", "Hana", "Ivo", "Jun")
LAST_NAMES: Final = ("Adler", "Bauer", "Costa", "Dietz", "Evans", "Faure", "Gatti", "Haas", "Ito")
FOLLOWERS: Final = 612
PATIENCE_S: Final = 60.0
TITLE: Final = "Welcome to Spaces"
DESCRIPTION: Final = "A live room to look around in. Listen, raise your hand, say something."


class Command(BaseCommand):
    """``manage.py seed_demo``; run again, it adds only what is missing."""

    help = "Make the demo's people and its live room; print one-time sign-in links as JSON."
    requires_system_checks = ()  # web makes them; here they would load every page

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to leave out."""
        parser.add_argument("--room-only", action="store_true", help="make no sign-in links")

    def handle(self, **options: Any) -> None:
        """Seed, then print one line of JSON."""
        demo = (HOST, LISTENER, STAFF, SPEAKER)
        accounts_of = {handle: _account(handle, name) for handle, name in demo}
        host_id = accounts_of[HOST[0]]
        accounts.set_staff(account_id=accounts_of[STAFF[0]])
        if people.follower_count(host_id) < FOLLOWERS:
            accounts.import_followers(host_id, _followers())
            _catch_up()
        _catch_up()  # a room that has just ended is none to come into
        room_id = _live_room(host_id) or _open_room(host_id)
        commands.join(room_id=room_id, account_id=host_id)
        _seat_speaker(room_id, host_id, accounts_of[SPEAKER[0]])
        _catch_up()
        links = [
            {
                "who": who,
                "handle": handle,
                "url_path": f"/sign-in#code={accounts.issue_sign_in_code(accounts_of[handle])}",
            }
            for handle, who in WHO.items()
            if not options["room_only"]
        ]
        self.stdout.write(json.dumps({"links": links, "room": public("room", room_id)}))


def _account(handle: str, name: str) -> UUID:
    known = people.person_by_handle(handle)
    if known is not None:
        return known.account_id
    account_id = accounts.register(handle=handle, name=name).entity_id
    _catch_up()
    return account_id


def _followers() -> list[tuple[str, str]]:
    return [
        (
            f"listener_{number:03}",
            f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[number % len(LAST_NAMES)]}",
        )
        for number in range(FOLLOWERS)
    ]


def _live_room(host_id: UUID) -> UUID | None:
    found = find_rooms(Wanted(state=RoomState.LIVE, host_id=host_id), host_id)
    return found.filter(title=TITLE).values_list("room_id", flat=True).first()


def _open_room(host_id: UUID) -> UUID:
    opened = commands.open_room(host_id=host_id, title=TITLE, description=DESCRIPTION)
    commands.start(room_id=opened.entity_id, by=host_id)
    return opened.entity_id


def _seat_speaker(room_id: UUID, host_id: UUID, speaker_id: UUID) -> None:
    stage = queries.stage_now(room_id)
    if speaker_id in stage.removed:
        return
    commands.join(room_id=room_id, account_id=speaker_id)
    if speaker_id not in stage.seats:
        commands.promote_speaker(room_id=room_id, account_id=speaker_id, by=host_id)
    if speaker_id not in stage.seats or speaker_id not in stage.present:  # came back muted
        commands.unmute(room_id=room_id, account_id=speaker_id, by=speaker_id)


def _catch_up() -> None:
    """Keep the views here and now: their followers may not be running yet."""
    deadline = time.monotonic() + PATIENCE_S
    for read_model in read_models():
        while _project(read_model, deadline):
            pass


def _project(read_model: ReadModel, deadline: float) -> int:
    """Apply the next events; look again when a follower does so already, and takes its time."""
    try:
        return project(read_model)
    except OperationalError:
        if time.monotonic() > deadline:
            raise
        return 1
