"""The page's sound against the real media node: it listens, speaks, restarts and lets go."""

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, Playwright, Route, async_playwright

from media.node import MediaNode
from media.session import WebRtcSession
from spaces_project.kernel.ids import public
from tests.browsers import AWAKE, MICROPHONE, QUIET, chromium_path
from tests.media.fakes import ANA, FakeStageFeed, token_of
from tests.media.peers import a_node, until
from tests.pages.site import STATIC

pytestmark = pytest.mark.slow

OPEN = """async ([room, token]) => {
  sessionStorage["spaces.session"] = JSON.stringify({ token, expires_at: "2999-01-01" });
  const { createAudio } = await import("/static/rooms/js/audio.js");
  const element = document.body.appendChild(new Audio());
  window.lines = [];
  window.problems = [];
  window.audio = createAudio({
    roomId: room, element,
    onChange: () => lines.push(window.audio?.line),
    onProblem: (problem) => problems.push(problem.message),
  });
  window.element = element;
}"""
TRANSPORT = """async () => {
  const stats = await (audio.peers.whip ?? audio.peers.whep).getStats();
  return [...stats.values()].find((each) => each.type === "transport");
}"""
HEARD = """async () => {
  const stats = await (audio.peers.whip ?? audio.peers.whep).getStats();
  return [...stats.values()].find((each) => each.type === "inbound-rtp")?.packetsReceived ?? 0;
}"""


@pytest.fixture
def feed() -> FakeStageFeed:
    return FakeStageFeed()


@asynccontextmanager
async def a_tab(driver: Playwright, node: MediaNode, feed: FakeStageFeed) -> AsyncIterator[Page]:
    """Ana's tab, on an empty page that has our modules."""
    flags = [*QUIET, *AWAKE, *MICROPHONE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    browser = await driver.chromium.launch(executable_path=chromium_path(), args=flags)
    try:
        page = await browser.new_page()
        await page.context.grant_permissions(["microphone"])
        address = f"http://127.0.0.1:{node.ports.http}"
        await page.route(f"{address}/", _blank)
        await page.route(f"{address}/static/**", _file)
        await page.goto(f"{address}/")
        await page.evaluate(OPEN, [public("room", feed.room_id), token_of(ANA)])
        yield page
    finally:
        await browser.close()


async def _blank(route: Route) -> None:
    await route.fulfill(body="<!doctype html><title>Sound</title>", content_type="text/html")


async def _file(route: Route) -> None:
    file = STATIC / route.request.url.partition("/static/")[2]
    await route.fulfill(path=file, content_type="text/javascript")


def sessions(node: MediaNode) -> list[WebRtcSession]:
    return [session for room in node.rooms for session in room.sessions.values()]


async def line_is(page: Page, line: str) -> None:
    for _ in range(100):
        if await page.evaluate("audio.line") == line:
            return
        await page.wait_for_timeout(50)
    raise AssertionError(await page.evaluate("[audio.line, audio.mic, problems]"))


async def test_one_session_follows_what_is_wanted(feed: FakeStageFeed) -> None:
    feed.seat(ANA)
    async with (
        a_node(feed) as node,
        async_playwright() as driver,
        a_tab(driver, node, feed) as page,
    ):
        await page.evaluate("audio.listen()")
        await line_is(page, "good")
        assert await page.evaluate("[!!audio.peers.whip, !!audio.peers.whep]") == [False, True]

        await page.evaluate("audio.speak()")
        assert await page.evaluate("audio.mic") == "open"
        assert await page.evaluate("[!!audio.peers.whip, !!audio.peers.whep]") == [True, False]
        await until(lambda: len(sessions(node)) == 1, 5)
        assert await page.evaluate("element.srcObject.active && !element.paused")

        await page.evaluate("audio.listen()")
        await page.wait_for_timeout(500)
        assert await page.evaluate("audio.mic") == "closed"

        await page.evaluate("audio.stop()")
        await until(lambda: sessions(node) == [], 5)


async def test_who_has_no_seat_goes_on_listening(feed: FakeStageFeed) -> None:
    async with (
        a_node(feed) as node,
        async_playwright() as driver,
        a_tab(driver, node, feed) as page,
    ):
        await page.evaluate("audio.listen()")
        await line_is(page, "good")
        refused = await page.evaluate("audio.speak().then(() => null, (no) => no.status)")

        assert refused == 403
        assert await page.evaluate("[!!audio.peers.whep, audio.line]") == [True, "good"]


async def test_a_restart_keeps_the_session_and_the_sound(feed: FakeStageFeed) -> None:
    feed.seat(ANA)
    async with (
        a_node(feed) as node,
        async_playwright() as driver,
        a_tab(driver, node, feed) as page,
    ):
        await page.evaluate("audio.speak()")
        [session] = sessions(node)
        before = await page.evaluate(TRANSPORT)
        await page.evaluate("audio.restart()")
        await line_is(page, "good")
        heard = await page.evaluate(HEARD)
        await page.wait_for_timeout(1000)

        after = await page.evaluate(TRANSPORT)
        assert after["iceLocalUsernameFragment"] != before["iceLocalUsernameFragment"]
        assert after["dtlsState"] == "connected"
        assert sessions(node) == [session]
        assert await page.evaluate(HEARD) > heard


async def test_a_session_that_is_gone_is_opened_anew(feed: FakeStageFeed) -> None:
    async with (
        a_node(feed) as node,
        async_playwright() as driver,
        a_tab(driver, node, feed) as page,
    ):
        await page.evaluate("audio.listen()")
        await line_is(page, "good")
        [former] = sessions(node)
        await node.sessions.end(former)
        began = time.monotonic()
        await until(lambda: len(sessions(node)) == 1, 12)
        await line_is(page, "good")

        print(f"back after {time.monotonic() - began:.1f} s")
        assert sessions(node) != [former]


SLOW_PERMISSION = """() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.tracks = [];
  navigator.mediaDevices.getUserMedia = async (wish) => {
    window.asked = true;
    await new Promise((resolve) => { window.allow = resolve; });
    const stream = await ask(wish);
    tracks.push(...stream.getTracks());
    return stream;
  };
}"""


@pytest.mark.parametrize(("then", "line"), [("stop", "none"), ("listen", "good")])
async def test_a_microphone_that_is_allowed_too_late_does_not_stay_open(
    feed: FakeStageFeed, then: str, line: str
) -> None:
    feed.seat(ANA)
    async with (
        a_node(feed) as node,
        async_playwright() as driver,
        a_tab(driver, node, feed) as page,
    ):
        await page.evaluate(SLOW_PERMISSION)
        await page.evaluate("audio.listen()")
        await line_is(page, "good")
        await page.evaluate("void audio.speak().catch(() => null)")
        await page.wait_for_function("window.asked")
        await page.evaluate(f"audio.{then}()")
        await page.evaluate("allow()")
        await page.wait_for_function("tracks[0]?.readyState === 'ended'")

        assert await page.evaluate("[audio.mic, audio.line]") == ["closed", line]
        assert await page.evaluate("!!audio.peers.whip") is False
