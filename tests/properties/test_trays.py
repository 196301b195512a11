"""The tray that the database finds is the one that a naive reading of the rules gives."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from accounts.models import Block, Follow
from rooms.discovery import trays
from rooms.discovery.trays import RANKS, trays_of
from rooms.domain.admission import Pass, refusal_to_admit
from rooms.domain.words import AudiencePolicy, Role
from rooms.models import Invitation, Listing, OnStage, ParticipantRow

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

N = 60
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PEOPLE = [UUID(int=n) for n in range(1, 7)]
TABLES = (
    "accounts_follow", "accounts_block", "rooms_listing", "rooms_on_stage", "rooms_invitation",
    "rooms_participant",
)  # fmt: skip
KINDS = {"room": Pass.INVITED, "guest": Pass.GUEST, "speak": Pass.INVITED_TO_SPEAK}


@dataclass
class SomeRoom:
    """A room, who is on its stage, and how people stand to it."""

    room_id: UUID
    state: str
    policy: AudiencePolicy
    started_at: datetime
    seats: dict[UUID, Role]
    put_out: set[UUID]
    inside: set[UUID]
    invited: dict[UUID, list[str]] = field(default_factory=dict)

    @property
    def host(self) -> UUID:
        return next(who for who, role in self.seats.items() if role is Role.HOST)


class World:
    """Some people and rooms, from a seed."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        pairs = [(a, b) for a in PEOPLE for b in PEOPLE if a != b]
        self.follows = {pair for pair in pairs if chance.random() < 0.5}
        self.blocks = {pair for pair in pairs if chance.random() < 0.1}
        self.rooms = [self._room(chance, UUID(int=100 + n)) for n in range(3)]

    def _room(self, chance: random.Random, room_id: UUID) -> SomeRoom:
        on_stage = chance.sample(PEOPLE, chance.randint(1, 3))
        others = [who for who in PEOPLE if who not in on_stage]
        return SomeRoom(
            room_id,
            chance.choice(["live", "live", "live", "scheduled"]),
            chance.choice(list(AudiencePolicy)),
            NOON + timedelta(minutes=chance.randint(0, 2)),
            {who: Role.HOST if n == 0 else chance.choice([Role.COHOST, Role.SPEAKER])
             for n, who in enumerate(on_stage)},
            {who for who in others if chance.random() < 0.2},
            {who for who in others if chance.random() < 0.2},
            {who: [kind for kind in KINDS if chance.random() < 0.25] for who in others},
        )  # fmt: skip

    def store(self) -> None:
        """Write it as the projections would."""
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - quicker than to truncate
        Follow.objects.bulk_create(
            Follow(follower_id=a, followee_id=b, since=NOON) for a, b in self.follows
        )
        Block.objects.bulk_create(Block(blocker_id=a, blocked_id=b) for a, b in self.blocks)
        for room in self.rooms:
            _store(room)

    def tray(self, viewer: UUID) -> list[tuple[UUID, str, UUID]]:
        """Return what stands in somebody's tray, by the rules, one thing after the other."""
        found: dict[UUID, tuple[object, Role, UUID]] = {}
        for room in self.rooms:
            if room.state != "live" or not self.may_enter(room, viewer):
                continue
            for who, role in room.seats.items():
                if (viewer, who) in self.follows and (viewer, who) not in self.blocks:
                    place = (RANKS[role], -room.started_at.timestamp(), -room.room_id.int)
                    found[who] = min(found.get(who, (place, role, room.room_id)),
                                     (place, role, room.room_id))  # fmt: skip
        ordered = sorted(found.items(), key=lambda each: (each[1][0], -each[0].int))
        return [(who, role.value, room_id) for who, (_, role, room_id) in ordered]

    def may_enter(self, room: SomeRoom, viewer: UUID) -> bool:
        """Tell whether the domain lets somebody in."""
        if viewer in room.put_out or (room.host, viewer) in self.blocks:
            return False
        shown = Pass.INSIDE if viewer in room.inside or viewer in room.seats else Pass.NONE
        for kind in room.invited.get(viewer, ()):
            shown |= KINDS[kind]
        follows = (viewer, room.host) in self.follows
        return refusal_to_admit(room.policy, follows_host=follows, shown=shown) is None


def _store(room: SomeRoom) -> None:
    about = {"title": "Tea", "topic_ids": [], "words": "tea", "place": 0}
    Listing.objects.create(
        room_id=room.room_id, state=room.state, host_id=room.host, creator_id=room.host,
        audience_policy=room.policy, started_at=room.started_at, **about,
    )  # fmt: skip
    OnStage.objects.bulk_create(
        OnStage(room_id=room.room_id, account_id=who, role=role) for who, role in room.seats.items()
    )
    Invitation.objects.bulk_create(
        Invitation(room_id=room.room_id, account_id=who, kind=kind, at=NOON)
        for who, kinds in room.invited.items()
        for kind in kinds
    )
    ParticipantRow.objects.bulk_create(
        ParticipantRow(
            room_id=room.room_id, account_id=who, present=who in room.inside - room.put_out,
            removed=who in room.put_out and who.int % 2 == 0,
            blocked=who in room.put_out and who.int % 2 == 1,
        )
        for who in room.inside | room.put_out
    )  # fmt: skip


def differs(seed: int) -> bool:
    """Tell whether in a world some tray is not what it should be."""
    world = World(seed)
    world.store()
    found = {
        viewer: [(e.account_id, e.role, e.room.room_id) for e in entries]
        for viewer, entries in trays_of(PEOPLE).items()
    }
    return found != {viewer: world.tray(viewer) for viewer in PEOPLE}


def test_every_tray_is_what_the_rules_say() -> None:
    different = [seed for seed in range(N) if differs(seed)]
    print(f"seeds 0 to {N - 1}, {N * len(PEOPLE)} trays: worlds {different} differ")

    assert different == []


@pytest.mark.parametrize(
    "left_out",
    [
        "AND NOT coalesce(p.removed OR p.blocked, false)",
        "b.blocker_id = l.host_id AND ",
        "b.blocker_id = f.follower_id AND ",
        "AND l.state = 'live'",
        "AND (i.kind <> 'room' OR l.audience_policy <> 'ticket')",
        "AND h.followee_id = l.host_id",
    ],
)
def test_a_rule_that_is_forgotten_is_noticed(
    left_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful = trays._TRAYS.replace(left_out, "")
    assert forgetful != trays._TRAYS
    monkeypatch.setattr(trays, "_TRAYS", forgetful)

    assert any(differs(seed) for seed in range(N))
