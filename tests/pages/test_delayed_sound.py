"""A network that lets no WebRTC through: the page plays the room late, says so, and comes back."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, Playwright, async_playwright

from media.node import MediaNode
from spaces_project.kernel.ids import public
from tests.browsers import AWAKE, QUIET, chromium_path
from tests.media.fakes import ANA, BO, FakeStageFeed, token_of
from tests.media.peers import Peer, a_node, until
from tests.media.speech import tone
from tests.pages.test_audio import _blank, _file, line_is

pytestmark = pytest.mark.slow

# Chromium sends no datagram, to nobody: what a firewall that knows only the web does.
NO_UDP = "--webrtc-ip-handling-policy=disable_non_proxied_udp"
AUTOPLAY = ["--autoplay-policy=no-user-gesture-required"]
NO_PLAYER = "() => { delete window.MediaSource; delete window.ManagedMediaSource; }"
# What a script of Playwright does counts as a tap, so the refusal is played.
WANTS_A_TAP = """() => {
  const play = HTMLMediaElement.prototype.play;
  window.tapped = false;
  HTMLMediaElement.prototype.play = function () {
    return tapped ? play.call(this) : Promise.reject(new DOMException("", "NotAllowedError"));
  };
}"""
# The answer names no address, until the network lets it through.
NO_WAY = """() => {
  const take = RTCPeerConnection.prototype.setRemoteDescription;
  window.blocked = true;
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    return take.call(this, { type, sdp: blocked ? sdp.replace(/a=candidate.*\\r\\n/g, "") : sdp });
  };
}"""
OPEN = """async ([room, token]) => {
  sessionStorage["spaces.session"] = JSON.stringify({ token, expires_at: "2999-01-01" });
  const { createAudio } = await import("/static/rooms/js/audio.js");
  window.element = document.body.appendChild(new Audio());
  window.problems = [];
  window.audio = createAudio({
    roomId: room, element, patienceMs: 700,
    onChange: () => undefined,
    onProblem: (problem) => problems.push(problem.words),
  });
}"""
# How loud the element is, of 1, over the next half second.
LEVEL = """async () => {
  const context = (window.context ??= new AudioContext());
  if (!window.meter) {
    window.meter = context.createAnalyser();
    context.createMediaElementSource(element).connect(meter);
    meter.connect(context.destination);
  }
  await context.resume();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const samples = new Float32Array(meter.fftSize);
  meter.getFloatTimeDomainData(samples);
  return Math.max(...samples.map(Math.abs));
}"""


@pytest.fixture
def feed() -> FakeStageFeed:
    made = FakeStageFeed()
    made.seat(ANA)
    return made


@asynccontextmanager
async def a_browser(driver: Playwright, *flags: str) -> AsyncIterator[Browser]:
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    launched = await driver.chromium.launch(
        executable_path=chromium_path(), args=[*QUIET, *AWAKE, *AUTOPLAY, *root, *flags]
    )
    try:
        yield launched
    finally:
        await launched.close()


async def a_listener(
    browser: Browser, node: MediaNode, feed: FakeStageFeed, script: str = ""
) -> Page:
    """Bo's tab, with something of the browser changed by a script."""
    page = await browser.new_page()
    address = f"http://127.0.0.1:{node.ports.http}"
    await page.route(f"{address}/", _blank)
    await page.route(f"{address}/static/**", _file)
    await page.goto(f"{address}/")
    if script:
        await page.evaluate(script)
    await page.evaluate(OPEN, [public("room", feed.room_id), token_of(BO)])
    return page


async def plays_on(page: Page) -> None:
    """Wait until the element's time goes on."""
    began: float = await page.evaluate("element.currentTime")
    await page.wait_for_function(f"element.currentTime > {began} + 1", timeout=15_000)


async def is_loud(page: Page) -> bool:
    """Tell whether sound comes out, within some seconds."""
    for _ in range(20):
        if await page.evaluate(LEVEL) > 0.05:
            return True
    return False


async def test_without_udp_the_room_is_heard_late_over_http(feed: FakeStageFeed) -> None:
    async with (
        a_node(feed) as node,
        async_playwright() as driver,
        a_browser(driver, NO_UDP) as browser,
    ):
        ana = Peer(node, ANA, feed.room_id)
        await ana.publish(tone(440, 1))
        deaf = await a_listener(browser, node, feed, NO_PLAYER)
        await deaf.evaluate("audio.listen()")
        await line_is(deaf, "unheard")
        assert (await deaf.evaluate("problems[0]")).startswith("This network blocks live audio.")
        await deaf.close()
        assert [room.packager for room in node.rooms] == [None], "nobody has asked yet"

        page = await a_listener(browser, node, feed, WANTS_A_TAP)
        await page.evaluate("audio.listen()")
        await page.wait_for_function("audio.line === 'delayed' && audio.needsTap", timeout=15_000)
        await page.evaluate("tapped = true; audio.play()")
        await plays_on(page)
        assert await is_loud(page)
        assert await page.evaluate("[audio.needsTap, problems.length]") == [False, 0]

        feed.remove(BO)
        await page.wait_for_function("audio.line !== 'delayed'", timeout=10_000)
        assert await page.evaluate("element.hasAttribute('src')") is False
        await ana.close()


async def test_it_goes_back_to_live_sound_as_soon_as_that_passes(feed: FakeStageFeed) -> None:
    async with (
        a_node(feed) as node,
        async_playwright() as driver,
        a_browser(driver) as browser,
    ):
        page = await a_listener(browser, node, feed, NO_WAY)
        await page.evaluate("audio.listen()")
        await line_is(page, "delayed")
        await plays_on(page)
        await page.evaluate("window.blocked = false")
        await page.wait_for_function("audio.line === 'good'", timeout=30_000)

        assert await page.evaluate("element.srcObject.active && !element.paused")
        assert not await page.evaluate("element.hasAttribute('src')")
        [room] = node.rooms
        assert room.packager is not None
        await until(lambda: len(room.sessions) == 1, 10)
        asked_at = room.packager.asked_at
        await asyncio.sleep(1.5)
        assert room.packager.asked_at == asked_at
