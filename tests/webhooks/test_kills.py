"""A kill between sending and marking loses nothing and reorders nothing."""

from pathlib import Path

import pytest

from tests.webhooks.killing import kill_between_send_and_mark
from tests.webhooks.receivers import Receiver, Reply

pytestmark = [
    pytest.mark.databases,
    pytest.mark.slow,
    pytest.mark.usefixtures("databases"),
]


def test_what_was_sent_and_not_marked_is_sent_again_and_nothing_is_lost(
    receiver: Receiver, tmp_path: Path
) -> None:
    outcome = kill_between_send_and_mark(receiver, tmp_path, kills=2, last_words=Reply())
    print(outcome)

    assert (outcome.lost, outcome.reordered) == (0, 0)
    assert outcome.doubled >= outcome.kills


def test_whoever_marks_before_sending_would_lose_what_a_kill_cuts_off(
    receiver: Receiver, tmp_path: Path
) -> None:
    outcome = kill_between_send_and_mark(
        receiver, tmp_path, kills=1, last_words=Reply(500), module="tests.webhooks.marks_first"
    )
    print(outcome)

    assert outcome.lost > 0
