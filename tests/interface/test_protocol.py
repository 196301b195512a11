"""docs/protocol.md is true: every example is said again to the running server and compared."""

import os

import pytest

from tests.consumers.conftest import everybody_hosts, filled
from tests.interface.page_blocks import PAGE
from tests.interface.record_protocol import recorded
from tests.interface.replay import Replay
from tests.kernel.processes import running_web

__all__ = ["everybody_hosts", "filled"]

pytestmark = [
    pytest.mark.databases,
    pytest.mark.usefixtures("filled", "everybody_hosts"),
]


async def test_every_example_happens_as_it_is_told() -> None:
    with running_web() as web:
        if os.environ.get("SPACES_RECORD"):
            PAGE.write_text(await recorded(web, PAGE.read_text("utf-8")), "utf-8")
            return
        compared = await Replay(web).run(PAGE.read_text("utf-8"))

    print(f"{compared} answers and frames compared")
    assert compared >= 18


@pytest.mark.parametrize(
    ("true", "false"), [('"state": "live"', '"state": "ended"'), ('"hand_count": 0, ', "")]
)
async def test_an_example_that_is_not_true_is_found(true: str, false: str) -> None:
    text = PAGE.read_text("utf-8")
    assert true in text
    with running_web() as web, pytest.raises(AssertionError):
        await Replay(web).run(text.replace(true, false))
