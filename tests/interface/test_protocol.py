"""docs/protocol.md is true: every example is said again to the running server and compared."""

import os
from collections.abc import Iterator

import pytest

from tests.consumers.conftest import everybody_hosts, filled
from tests.interface.page_blocks import PAGE
from tests.interface.record_protocol import recorded
from tests.interface.replay import Replay
from tests.kernel.processes import Web, running_web

__all__ = ["everybody_hosts", "filled"]

pytestmark = [
    pytest.mark.databases,
    pytest.mark.usefixtures("everybody_hosts"),
]


@pytest.fixture(scope="module")
def web(filled: None) -> Iterator[Web]:
    """One web process for all of them."""
    del filled
    with running_web() as started:
        yield started


def with_others(text: str, mark: str) -> str:
    """Return the page with other people, so that it can be said again to the same server."""
    for handle in ("ana_ferreira", "jo_3371", "dora_dietz"):
        text = text.replace(handle, f"{handle.split('_')[0]}_{mark}")
    return text


async def test_every_example_happens_as_it_is_told(web: Web) -> None:
    if os.environ.get("SPACES_RECORD"):
        PAGE.write_text(await recorded(web, PAGE.read_text("utf-8")), "utf-8")
        return
    compared = await Replay(web).run(PAGE.read_text("utf-8"))

    print(f"{compared} answers and frames compared")
    assert compared >= 18


@pytest.mark.parametrize(
    ("true", "false"), [('"state": "live"', '"state": "ended"'), ('"hand_count": 0, ', "")]
)
async def test_an_example_that_is_not_true_is_found(web: Web, true: str, false: str) -> None:
    text = with_others(PAGE.read_text("utf-8"), f"no_{len(false)}")
    assert true in text

    with pytest.raises(AssertionError, match=r"state|hand_count"):
        await Replay(web).run(text.replace(true, false))
