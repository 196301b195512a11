"""A copy of an entity is equal to it, and shares nothing with it that could change."""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec

from accounts.domain.account import Account
from accounts.domain.blocking import Blocking
from accounts.domain.following import Following
from accounts.domain.handle import Handle
from rooms.domain.rules import DEFAULTS
from spaces_project.kernel.entity import Entity
from spaces_project.kernel.refusals import Refusal
from tests.domain.scenes import ANA, BO, CY, NOON, new_room
from tests.properties.buttons import BUTTONS, World
from tests.properties.memory import commands_in_memory

SEEDS = 20
PRESSES = 30


def entities(seed: int) -> Iterator[Entity]:
    """Yield one entity of every kind after a random evening."""
    chance = random.Random(seed)
    people, buttons = [ANA, BO, CY], sorted(BUTTONS)
    world = World(people, set(), DEFAULTS)
    world.append(new_room())
    for minute in range(PRESSES):
        who, by = chance.choice(people), chance.choice(people)
        with suppress(Refusal), commands_in_memory():
            world.press(chance.choice(buttons), who, by, NOON + timedelta(minutes=minute))
    yield world.room
    yield from world.parts.values()
    account, handle = Account(ANA), Handle(UUID(int=seed))
    account.register("ana", "Ana", NOON)
    account.change_profile(None, f"Bio {seed}", NOON)
    handle.claim(ANA, NOON)
    following = Following(UUID(int=seed), follower_id=ANA, followee_id=BO)
    blocking = Blocking(UUID(int=seed), blocker_id=ANA, blocked_id=BO)
    for _ in range(chance.randrange(4)):
        with suppress(Refusal):
            getattr(following, chance.choice(["follow", "unfollow", "close", "open"]))(NOON)
            getattr(blocking, chance.choice(["block", "unblock"]))(NOON)
    yield from (account, handle, following, blocking)


def changeable(value: Any) -> Iterator[int]:
    """Yield the identity of everything inside a value that could be changed in place."""
    if isinstance(value, str | bytes | int | float | UUID | Enum | type(None) | type(NOON)):
        return
    if not (isinstance(value, msgspec.Struct) and type(value).__struct_config__.frozen):
        yield id(value)
    for inner in _inside(value):
        yield from changeable(inner)


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list | set | tuple | frozenset):
        yield from value
    elif isinstance(value, msgspec.Struct):
        yield from (getattr(value, name) for name in value.__struct_fields__)
    else:
        yield from vars(value).values()


def shared(entity: Entity) -> set[int]:
    """Return what an entity and its copy share and could change."""
    return set(changeable(entity)) & set(changeable(entity.copy()))


def test_a_copy_is_equal_and_shares_nothing_that_changes() -> None:
    seen = set()
    for seed in range(SEEDS):
        for entity in entities(seed):
            seen.add(type(entity))
            entity.collect_events()
            assert vars(entity.copy()) == vars(entity), f"seed {seed}"
            assert shared(entity) == set(), f"seed {seed}: {type(entity).__name__}"
    print(f"{SEEDS} seeds of {PRESSES} presses: {sorted(t.__name__ for t in seen)}")


def test_every_kind_of_entity_was_copied() -> None:
    elsewhere = ("tests.", "bench.")
    ours = {
        t
        for t in _subclasses(Entity)
        if "TOPIC" in vars(t) and not t.__module__.startswith(elsewhere)  # the parts have none
    }

    assert {type(entity) for entity in entities(0)} == ours


def _subclasses(parent: type[Entity]) -> set[type[Entity]]:
    return {t for child in parent.__subclasses__() for t in {child, *_subclasses(child)}}


class Drawer(Entity):
    """Keeps in a list what changes in place: what no entity may do."""

    def __init__(self, entity_id: UUID) -> None:
        super().__init__(entity_id)
        self.compartments: list[list[str]] = [["a spoon"]]


def test_an_entity_that_changes_inner_things_in_place_is_found() -> None:
    assert shared(Drawer(ANA))
