"""Whatever order commands arrive in, a room keeps its promises; and a broken one is found."""

import os
import random
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from rooms.domain.events import (
    HandRaised,
    Left,
    ParticipantUnblocked,
    Seated,
    SpeakerPromoted,
    SpeakerUnmuted,
)
from rooms.domain.participation import Participation
from rooms.domain.room import Room
from spaces_project.kernel.entity import when
from tests.properties.buttons import World
from tests.properties.machine import AnyOrder

SEED = int(os.environ.get("SPACES_TEST_SEED", "0")) or random.randrange(1, 2**32)
ROUNDS, STEPS = 225, 50
MOST_TURNS = 8
QUIETLY = settings(
    max_examples=ROUNDS,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_a_room_keeps_its_promises_in_any_order_of_buttons() -> None:
    AnyOrder.steps = AnyOrder.agreed = 0
    print(f"SPACES_TEST_SEED={SEED}")
    run_state_machine_as_test(seed(SEED)(AnyOrder), settings=QUIETLY)
    print(f"{AnyOrder.steps} steps, {AnyOrder.agreed} of them answered with yes")

    assert AnyOrder.steps >= 10_000
    assert AnyOrder.agreed >= 2_000


class Crowded(Room):
    """A room that does not count its seats."""

    def promote_speaker(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Give a seat, full or not."""
        self.must_be_live()
        self.must_lead(by)
        self.record(SpeakerPromoted, by=by, at=at, account_id=account_id)


class Eavesdropping(Room):
    """A room whose host opens others' microphones."""

    def unmute(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Open anyone's microphone."""
        self.must_be_live()
        if account_id in self.seats:
            self.record(SpeakerUnmuted, by=by, at=at, account_id=account_id)


class Undead(Room):
    """A room that goes on after its end."""

    def _must_host(self, account_id: UUID) -> None:
        del account_id

    def must_not_be_over(self) -> None:
        """Let everything pass."""


class Forgiving(Participation):
    """A person who comes back after a removal."""

    def must_be_welcome(self) -> None:
        """Let everybody pass."""


class Impatient(Participation):
    """A hand that needs no rest."""

    def raise_hand(self, at: datetime) -> None:
        """Ask at once again."""
        self.must_be_present()
        self.record(HandRaised, by=self.account_id, at=at, account_id=self.account_id)


class Cheating(Participation):
    """A hand that rests only when it is lowered, so that leaving is the cheaper way."""

    @when(Left)
    def _left(self, event: Left) -> None:
        del event
        self._out()


class Grudging(Participation):
    """A person who stays blocked whatever the host says."""

    @when(ParticipantUnblocked)
    def _unblocked(self, event: ParticipantUnblocked) -> None:
        del event


class Greedy(Participation):
    """A person who sits on stage with a raised hand."""

    @when(Seated)
    def _seated(self, event: Seated) -> None:
        del event
        self.seated = True


class Forgetful(Participation):
    """A decision that changes the state beside its event, so that a replay differs."""

    def join(self, at: datetime) -> None:
        """Come in, and keep a secret."""
        super().join(at)
        self.may_ask_from = at


def broken_world(broken: type[Any]) -> type[AnyOrder]:
    place = "room_type" if issubclass(broken, Room) else "participation_type"
    world = type(f"{broken.__name__}World", (World,), {place: broken})
    return type(broken.__name__, (AnyOrder,), {"world_type": world})


@pytest.mark.parametrize(
    "broken",
    [
        Crowded, Eavesdropping, Undead, Forgiving, Impatient, Cheating, Grudging, Greedy,
        Forgetful,
    ],
)  # fmt: skip
def test_a_broken_room_is_found(broken: type[Any]) -> None:
    with pytest.raises(AssertionError):
        press_on(broken_world(broken))


def press_on(machine: type[AnyOrder]) -> None:
    """Run a machine with one seed after the other: now and then none presses the right buttons."""
    no_shrinking = settings(QUIETLY, phases=[Phase.generate], report_multiple_bugs=False)
    for turn in range(MOST_TURNS):
        run_state_machine_as_test(seed(SEED + turn)(machine), settings=no_shrinking)
