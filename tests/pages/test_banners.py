"""Banners: the host is away, the room ends soon; shown while it is so, and said once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.pages.rooms import ANA, CY, event, person, room, seat, snapshot
from tests.pages.server import Server, wait

LISTEN = """() => {
  window.said = [];
  const region = document.getElementById("announcer");
  new MutationObserver(() => region.textContent && said.push(region.textContent)).observe(
    region, { childList: true, characterData: true, subtree: true },
  );
}"""


def in_seconds(seconds: float) -> str:
    """Return a time from now, as the API writes it."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.fixture
def listening(page: Page, server: Server) -> Page:
    """A page in a room with a co-host, whose live region is recorded."""
    page.evaluate(LISTEN)
    seats = [seat(ANA, "host"), seat(CY, "cohost")]
    server.send(snapshot(room(seats=seats, cohost_ids=[CY])))
    page.get_by_test_id("stage-seat").first.wait_for()
    return page


def test_who_waits_for_the_host_is_told_until_when_and_what_comes_then(
    listening: Page, server: Server
) -> None:
    banner = listening.get_by_test_id("banner-host-away")
    assert banner.count() == 0
    kept = in_seconds(3600)
    server.send(event(11, "participant.dropped", **person(ANA), seat_kept_until=kept))
    expect(banner).to_have_text(
        re.compile(r"The host is away\. The seat is kept for \d+:\d\d; then a co-host takes over\.")
    )
    server.send(event(12, "cohost.dismissed", **person(CY)))
    expect(banner).to_contain_text("then the room goes on for a few minutes, then ends.")
    wait(listening, lambda: listening.evaluate("said.some((one) => /host is away/.test(one))"))
    server.send(event(13, "participant.returned", **person(ANA)))

    expect(banner).to_have_count(0)


def test_the_host_is_not_told_to_be_away(page: Page, server: Server) -> None:
    server.send(snapshot(room(ANA, "host", seats=[seat(ANA, "host", away=True), seat(CY)])))
    page.get_by_test_id("stage-seat").first.wait_for()

    assert page.get_by_test_id("banner-host-away").count() == 0


def test_the_end_is_announced_in_minutes_and_counted_down_in_silence(
    listening: Page, server: Server
) -> None:
    banner = listening.get_by_test_id("banner-ending")
    server.send(event(11, "room.ending_soon", ends_at=in_seconds(3600)))
    expect(banner).to_contain_text(re.compile(r"This room ends in (60|59) minutes"))
    server.send(event(12, "room.ending_soon", ends_at=in_seconds(80)))
    expect(banner).to_have_text(re.compile(r"This room ends in (\d:\d\d|\d+ s)\."))
    first = banner.inner_text()
    expect(banner).not_to_have_text(first)  # it counts
    wait(listening, lambda: listening.evaluate("said.length") >= 2)
    listening.wait_for_timeout(1500)

    said = listening.evaluate("said.filter((one) => one.startsWith('This room ends'))")
    assert len(said) == 2
