"""What a page makes of a crowd's frames is what a snapshot says, also across the switch."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from rooms.domain.rules import Rules
from rooms.looking import snapshot_of
from tests.consumers.crowds import HOST, Evening, Viewer, at_once, go_on, listed, person, shown

Fold = Callable[..., dict[str, Any]]
SEEDS = 4
STEPS = 300


@pytest.fixture
def evening(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Evening:
    """A room in which ten people are a crowd."""
    settings.ROOM_RULES = Rules(big_room=10)
    return Evening(monkeypatch)


def snapshot(viewer: Viewer) -> dict[str, Any]:
    """Return what somebody would be shown who came now."""

    async def here(work: Callable[..., Any], *facts: Any) -> Any:
        return work(*facts)

    friends = viewer.evening.follows.get(viewer.who, [])
    _, state = at_once(snapshot_of(viewer.evening.channel, viewer.who, friends, here))
    return state


def differences(fold: Fold, viewer: Viewer) -> list[str]:
    """Return in what the state of somebody's page is not what the room is."""
    folded, wanted = fold(*viewer.frames), snapshot(viewer)
    friends = viewer.evening.follows.get(viewer.who, [])
    found = [
        f"{name}: {shown(folded)[name]}, not {value}"
        for name, value in shown(wanted).items()
        if shown(folded)[name] != value
    ]
    if listed(folded, friends) != listed(wanted, friends):
        found.append(f"listeners: {listed(folded, friends)}, not {listed(wanted, friends)}")
    return found


def an_evening(evening: Evening, seed: int, fold: Fold) -> list[str]:
    """Let a room grow and shrink; return what anybody's page has wrong at the end of it."""
    chance = random.Random(seed)
    viewers = [Viewer(evening, who) for who in (HOST, person(1), person(2), person(990))]
    evening.follows[person(990)] = [person(n) for n in range(0, 60, 7)]
    for step in range(STEPS):
        go_on(evening, chance, size=30 if (step // 60) % 2 else 2)
        viewer = chance.choice(viewers)
        if viewer.connection is None:
            viewer.connect()
        elif chance.random() < 0.1:
            viewer.disconnect()
        if chance.random() < 0.3:
            evening.tick()
        for each in viewers:
            each.read()
    for viewer in viewers:
        if viewer.connection is None:
            viewer.connect()
        viewer.read()
    evening.tick()
    wrong = []
    for viewer in viewers:
        viewer.read()
        wrong += [f"seed {seed}, {viewer.who.int}: {each}" for each in differences(fold, viewer)]
        viewer.disconnect()
    return wrong


def test_the_page_is_right_whatever_the_size(evening: Evening, fold: Fold) -> None:
    wrong = [each for seed in range(SEEDS) for each in an_evening(evening, seed, fold)]

    print(f"seeds 0-{SEEDS - 1}, {STEPS} steps each")
    assert wrong == [], "\n".join(wrong)


def test_without_a_new_beginning_at_the_switch_the_page_is_wrong(
    evening: Evening, fold: Fold, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison above can fail: here nobody is told that names come no more."""
    monkeypatch.setattr(type(evening.channel), "begin_anew", lambda *_: None)
    monkeypatch.setattr(type(evening.channel), "epoch", "1")

    assert [each for seed in range(SEEDS) for each in an_evening(evening, seed, fold)]
