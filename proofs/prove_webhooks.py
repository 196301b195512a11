"""Webhooks: 10 kills between sending and marking lose nothing and reorder nothing."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from pytest_django import Settings

from spaces_project.presets import PRESETS
from tests.full_size import sized, tried
from tests.webhooks.killing import kill_between_send_and_mark
from tests.webhooks.receivers import Receiver, Reply

KILLS = sized(10)
VISITS = 2 * KILLS + 2  # so that there are more messages than there are kills among them

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver on this machine, and the preset in which everybody hosts."""
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    settings.PRESET = PRESETS["classic"]
    with Receiver() as started:
        yield started


@pytest.mark.parametrize("last_words", [Reply(204), Reply(500)], ids=["taken", "refused"])
def test_nothing_is_lost_and_nothing_reordered(
    receiver: Receiver, tmp_path: Path, last_words: Reply
) -> None:
    outcome = kill_between_send_and_mark(receiver, tmp_path, KILLS, last_words, visits=VISITS)

    tried(KILLS, f"kills, {outcome.events} events", outcome.seed, outcome)
    assert (outcome.lost, outcome.reordered) == (0, 0), outcome


def test_the_broken_variant_that_marks_first_is_seen(receiver: Receiver, tmp_path: Path) -> None:
    module = "tests.webhooks.marks_first"
    outcome = kill_between_send_and_mark(receiver, tmp_path, 1, Reply(500), module)

    print(f"marked before it is sent: {outcome}")
    assert outcome.lost > 0
