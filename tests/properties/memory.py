"""The commands of rooms on a log in memory: they load, decide and append as always."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from unittest import mock
from uuid import UUID

from rooms.domain.participation import Participation
from rooms.domain.room import Room
from rooms.domain.rules import Rules
from rooms.domain.stage import Stage
from spaces_project.kernel.entity import DomainEvent, Entity
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.refusals import Refusal
from tests.domain.scenes import NOON, ROOM


class Memory:
    """One room and its people, their log and the stage that follows it.

    A command decides on copies; only what it appends is kept, as the event log keeps it.
    """

    room_type = Room
    participation_type = Participation

    def __init__(self, people: list[UUID], follows: set[tuple[UUID, UUID]], rules: Rules) -> None:
        self.follows = follows
        self.rules = rules
        self.blocks: set[tuple[UUID, UUID]] = set()
        self.time = NOON
        self.room = self.room_type(ROOM)
        self.parts = {
            who: self.participation_type(UUID(int=who.int + 1), ROOM, who) for who in people
        }
        self.log: list[DomainEvent] = []
        self.stage = Stage(ROOM)

    def load(self, kind: type[Room], room_id: UUID, *, otherwise: type[Refusal]) -> Room:
        """Return the room, as the log does."""
        del kind, room_id
        if not self.room.version:
            raise otherwise
        return self.room.copy()

    def participation(self, room_id: UUID, account_id: UUID) -> Participation:
        """Return one person's part, as the log does."""
        del room_id
        return self.parts[account_id].copy()

    def append(self, *entities: Entity, answer_with: Entity | None = None) -> Receipt:
        """Keep what was decided, entity by entity."""
        for entity in entities:
            for happened in entity.collect_events():
                self.log.append(happened)
                self.stage.apply(happened, len(self.log))
            if isinstance(entity, Room):
                self.room = entity
            elif isinstance(entity, Participation):
                self.parts[entity.account_id] = entity
        about = answer_with or entities[0]
        return Receipt(about.id, about.version, len(self.log), len(self.log))

    def replayed(self) -> tuple[Room, dict[UUID, Participation]]:
        """Return the entities that the log makes."""
        room = self.room_type(ROOM)
        parts = {
            who: self.participation_type(part.id, ROOM, who) for who, part in self.parts.items()
        }
        by_stream = {part.id: part for part in parts.values()}
        for happened in self.log:
            entity = room if happened.originator_id == ROOM else by_stream[happened.originator_id]
            entity.apply(happened)
        return room, parts


_current: list[Memory] = []


@contextmanager
def commands_in_memory() -> Iterator[None]:
    """Let the commands of rooms work, inside the block, on whatever :func:`remember` was told."""
    fakes: dict[str, Any] = {
        "event_log": lambda: _current[-1],
        "participation": _participation,
        "now": _now,
        "settings": _Settings(),
        "queries": SimpleNamespace(stage_now=lambda _room_id: _current[-1].stage),
        "accounts": SimpleNamespace(
            has_blocked_now=lambda by, of: (by, of) in _current[-1].blocks,
            follows_now=lambda by, of: (by, of) in _current[-1].follows,
            people_now=dict.fromkeys,
            must_have_name=lambda _of: None,
        ),
    }
    with ExitStack() as patches:
        for module_name, module in list(sys.modules.items()):
            if module_name.startswith("rooms.commands."):
                for name in fakes.keys() & vars(module).keys():
                    patches.enter_context(mock.patch.object(module, name, fakes[name]))
        yield


def remember(memory: Memory) -> None:
    """Work on this memory from now on."""
    _current[:] = [memory]


def _participation(room_id: UUID, account_id: UUID) -> Participation:
    return _current[-1].participation(room_id, account_id)


def _now() -> datetime:
    return _current[-1].time


class _Settings:
    @property
    def ROOM_RULES(self) -> Rules:  # noqa: N802 - the setting's name
        return _current[-1].rules
