"""Random evenings: people register, follow, block, open rooms, talk and leave, from a seed."""

import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from accounts import commands as accounts
from rooms import commands as rooms
from rooms.domain.words import AudiencePolicy, SpeakPolicy
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.refusals import Refusal
from spaces_project.wiring import read_models

TITLES = ("Tea", "Über Tee", "茶", "A very ordinary evening")


class Evening:
    """Some people in some rooms; each step is one random command, refused or not.

    Needs the preset ``classic``, in which everybody may host.
    """

    def __init__(self, seed: object, people: int = 6, rooms_open: int = 2) -> None:
        self.chance = random.Random(str(seed))
        word = f"e{self.chance.getrandbits(40):x}"
        self.people = [
            accounts.register(handle=f"{word}n{n}", name=f"Person {n}").entity_id
            for n in range(people)
        ]
        catch_up()  # commands about somebody look the person up
        self.rooms: list[UUID] = []
        self.hosts: dict[UUID, UUID] = {}
        for _ in range(rooms_open):
            self.open_room()

    def open_room(self) -> UUID:
        """Open one more room and start it."""
        host = self.chance.choice(self.people)
        room_id = rooms.open_room(
            host_id=host, title=self.chance.choice(TITLES), description="a planted description"
        ).entity_id
        rooms.start(room_id=room_id, by=host)
        self.rooms.append(room_id)
        self.hosts[room_id] = host
        return room_id

    def go_on(self, steps: int) -> int:
        """Do so many random things; return how many were not refused."""
        return sum(self.step() for _ in range(steps))

    def step(self) -> bool:
        """Do one random thing; tell whether it was not refused."""
        with suppress(Refusal):
            self._something()()
            return True
        return False

    def talk(self, room_id: UUID) -> bool:
        """Do one random thing in a room that goes on; tell whether it was not refused."""
        with suppress(Refusal):
            self._in_room(room_id, ending=False)()
            return True
        return False

    def _something(self) -> Callable[[], object]:
        one, other = self.chance.sample(self.people, 2)
        among_people: list[Callable[[], object]] = [
            partial(accounts.follow, follower_id=one, followee_id=other),
            partial(accounts.unfollow, follower_id=one, followee_id=other),
            partial(accounts.change_profile, account_id=one, bio=f"bio {self.chance.random()}"),
            partial(accounts.block, blocker_id=one, blocked_id=other),
            partial(accounts.unblock, blocker_id=one, blocked_id=other),
        ]
        if self.chance.random() < 0.25:
            return self.chance.choice(among_people)
        if self.chance.random() < 0.03:
            return self.open_room
        return self._in_room(self.chance.choice(self.rooms), ending=True)

    def _in_room(self, room_id: UUID, *, ending: bool) -> Callable[[], object]:
        one, other = self.chance.sample(self.people, 2)
        by = self.hosts[room_id] if self.chance.random() < 0.7 else one
        here = {"room_id": room_id}
        about = {**here, "account_id": other, "by": by}
        mine = {**here, "account_id": one, "by": one}
        usual: list[Callable[[], object]] = [
            *[partial(rooms.join, **here, account_id=one)] * 4,
            *[partial(rooms.raise_hand, **here, account_id=one)] * 3,
            *[partial(rooms.promote_speaker, **about)] * 3,
            *[partial(rooms.unmute, **mine)] * 3,
            partial(rooms.mute, **mine),
            partial(rooms.mute, **about),
            partial(rooms.leave, **here, account_id=one),
            partial(rooms.lower_hand, **mine),
            partial(rooms.lower_hand, **about),
            partial(rooms.demote_speaker, **about),
            partial(rooms.demote_speaker, **mine),
        ]
        if self.chance.random() < 0.25:
            return self.chance.choice(self._of_late(here, about, one, by))
        if self.chance.random() < 0.94:
            return self.chance.choice(usual)
        return self.chance.choice(self._seldom(room_id, about, by, ending=ending))

    def _of_late(
        self, here: dict[str, Any], about: dict[str, Any], one: UUID, by: UUID
    ) -> list[Callable[[], object]]:
        """Invitations, co-hosts, pins, the card, and connections that are lost."""
        return [
            *[partial(rooms.invite, **here, account_ids=[about["account_id"]], by=by)] * 3,
            *[partial(rooms.invite_to_speak, **about)] * 2,
            partial(rooms.cancel_invitation, **about),
            partial(rooms.accept_invitation, **here, account_id=one),
            partial(rooms.decline_invitation, **here, account_id=one),
            partial(rooms.invite_followers, **here, by=by),
            *[partial(rooms.appoint_cohost, **about)] * 2,
            partial(rooms.dismiss_cohost, **about),
            partial(rooms.hand_over, **about),
            partial(rooms.mute_all, **here, by=by),
            *[partial(rooms.drop, **here, account_id=one)] * 2,
            partial(rooms.lift_removal, **about),
            partial(rooms.pin, **here, by=by, text="a planted pin"),
            partial(rooms.change_card, **here, by=by, title=self.chance.choice(TITLES)),
        ]

    def _seldom(
        self, room_id: UUID, about: dict[str, Any], by: UUID, *, ending: bool
    ) -> list[Callable[[], object]]:
        change = partial(
            rooms.change_policies,
            room_id=room_id,
            by=by,
            audience_policy=self.chance.choice(list(AudiencePolicy)),
            speak_policy=self.chance.choice(list(SpeakPolicy)),
        )
        if not ending:
            return [change]
        return [
            change,
            partial(rooms.remove, **about, reason="a planted reason"),
            partial(rooms.block, **about),
            partial(rooms.end, room_id=room_id, by=by),
        ]


def catch_up() -> None:
    """Bring every read model to the end of the log."""
    for read_model in read_models():
        while project(read_model):
            pass


def rows(*models: ReadModel) -> dict[str, list[str]]:
    """Return every row of read models as PostgreSQL writes it, in a fixed order."""
    found = {}
    with connection.cursor() as cursor:
        for model in models or read_models():
            for table in model.tables:
                cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")  # noqa: S608
                found[table] = [text for (text,) in cursor.fetchall()]
    return found
