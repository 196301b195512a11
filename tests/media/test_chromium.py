"""A real Chromium speaks, another listens; ICE restarts over PATCH."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, Playwright, Route, async_playwright

from media.node import MediaNode
from spaces_project.kernel.ids import public
from tests.browsers import AWAKE, MICROPHONE, QUIET
from tests.media.fakes import ANA, BO, CY, FakeStageFeed, token_of
from tests.media.peers import Peer, a_node, until
from tests.media.speech import likeness_by_part, speech, write_wav

pytestmark = [
    pytest.mark.slow,
    pytest.mark.alone,
    pytest.mark.skipif(
        not shutil.which("chromium") and not os.environ.get("CI"),
        reason="Chromium is missing; under CI that is a failure",
    ),
]

PUBLISH = """async ({room, token}) => {
  const audio = {echoCancellation: false, noiseSuppression: false, autoGainControl: false};
  const stream = await navigator.mediaDevices.getUserMedia({audio});
  const pc = window.pc = new RTCPeerConnection();
  pc.addTransceiver(stream.getAudioTracks()[0], {direction: 'sendrecv', streams: [stream]});
  return await open(pc, `/api/v1/rooms/${room}/whip`, token);
}"""

LISTEN = """async ({room, token}) => {
  const pc = window.pc = new RTCPeerConnection();
  pc.addTransceiver('audio', {direction: 'recvonly'});
  pc.ontrack = ({track}) => {
    window.player = new Audio();
    player.srcObject = new MediaStream([track]);
    player.play();
  };
  return await open(pc, `/api/v1/rooms/${room}/whep`, token);
}"""

PAGE = """<!doctype html><title>media</title><script>
async function open(pc, path, token) {
  await pc.setLocalDescription();
  const began = performance.now();
  const headers = {'Content-Type': 'application/sdp', Authorization: `Bearer ${token}`};
  const response = await fetch(path, {method: 'POST', headers, body: pc.localDescription.sdp});
  window.session = response.headers.get('Location');
  window.token = token;
  await pc.setRemoteDescription({type: 'answer', sdp: await response.text()});
  while (pc.connectionState !== 'connected') {
    if (pc.connectionState === 'failed' || performance.now() - began > 10000)
      throw new Error(pc.connectionState);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  return performance.now() - began;
}
async function stats(type) {
  const found = [];
  (await pc.getStats()).forEach(each => { if (each.type === type) found.push(each); });
  return found;
}
async function transport() {
  const [{dtlsState, srtpCipher, iceLocalUsernameFragment, packetsReceived}] =
    await stats('transport');
  return {dtlsState, srtpCipher, iceLocalUsernameFragment, packetsReceived};
}
async function restartIce() {
  const answer = pc.remoteDescription.sdp;
  pc.restartIce();
  await pc.setLocalDescription();
  const of = (sdp, name) => sdp.match(new RegExp(`a=${name}:([^\\\\r\\\\n]+)`))[1];
  const offer = pc.localDescription.sdp;
  const body = `a=ice-ufrag:${of(offer, 'ice-ufrag')}\\r\\na=ice-pwd:${of(offer, 'ice-pwd')}\\r\\n`
    + 'm=audio 9 UDP/TLS/RTP/SAVPF 0\\r\\na=mid:0\\r\\n';
  const headers = {'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*',
    Authorization: `Bearer ${token}`};
  const response = await fetch(session, {method: 'PATCH', headers, body});
  const fragment = await response.text();
  const sdp = answer
    .replace(/a=ice-ufrag:[^\\r\\n]+/, `a=ice-ufrag:${of(fragment, 'ice-ufrag')}`)
    .replace(/a=ice-pwd:[^\\r\\n]+/, `a=ice-pwd:${of(fragment, 'ice-pwd')}`);
  await pc.setRemoteDescription({type: 'answer', sdp});
  return response.status;
}
</script>"""


@asynccontextmanager
async def a_page(playwright: Playwright, node: MediaNode, microphone: Path) -> AsyncIterator[Page]:
    flags = [*QUIET, *AWAKE, *MICROPHONE, f"--use-file-for-fake-audio-capture={microphone}"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    path = shutil.which("chromium")
    assert path, "Chromium is missing. Type: ./spaces test"
    browser = await playwright.chromium.launch(executable_path=path, args=flags)
    try:
        context = await browser.new_context(permissions=["microphone"])
        page = await context.new_page()

        async def blank(route: Route) -> None:
            await route.fulfill(body=PAGE, content_type="text/html")

        address = f"http://127.0.0.1:{node.ports.http}/"
        await page.route(address, blank)
        await page.goto(address)
        yield page
    finally:
        await browser.close()


async def test_chromium_speaks_and_chromium_and_aiortc_hear_it(
    feed: FakeStageFeed, tmp_path: Path
) -> None:
    feed.seat(ANA)
    wav = write_wav(tmp_path / "speech.wav", speech())
    room = public("room", feed.room_id)
    async with a_node(feed) as node, async_playwright() as playwright:
        bo = Peer(node, BO, feed.room_id)
        await bo.listen()
        async with (
            a_page(playwright, node, wav) as speaking,
            a_page(playwright, node, wav) as listening,
        ):
            joined = await listening.evaluate(LISTEN, {"room": room, "token": token_of(CY)})
            spoke = await speaking.evaluate(PUBLISH, {"room": room, "token": token_of(ANA)})
            await asyncio.sleep(7)
            [inbound] = await listening.evaluate("stats('inbound-rtp')")
            sender = await speaking.evaluate("transport()")
            [outbound] = await speaking.evaluate("stats('remote-inbound-rtp')")
        parts = likeness_by_part(speech()[: 48_000 * 4], bo.arrived_since(0))
        found = sorted(part.alike for part in parts)[len(parts) // 2]
        await bo.close()

    print(f"Chromium joined in {joined:.0f} ms, published in {spoke:.0f} ms; likeness {found:.2f}")
    print(f"energy {inbound['totalAudioEnergy']:.3f}, cipher {sender['srtpCipher']}")
    assert inbound["totalAudioEnergy"] > 0.01
    assert inbound["packetsReceived"] > 200
    assert sender["srtpCipher"] == "SRTP_AEAD_AES_128_GCM"
    assert outbound["fractionLost"] == 0, "our receiver reports arrive"
    assert found >= 0.6


async def test_chromium_restarts_ice_without_losing_its_session(
    feed: FakeStageFeed, tmp_path: Path
) -> None:
    feed.seat(ANA)
    wav = write_wav(tmp_path / "speech.wav", speech())
    who = {"room": public("room", feed.room_id), "token": token_of(ANA)}
    async with (
        a_node(feed) as node,
        async_playwright() as playwright,
        a_page(playwright, node, wav) as page,
    ):
        await page.evaluate(PUBLISH, who)
        before = await page.evaluate("transport()")
        assert await page.evaluate("restartIce()") == 200
        [session] = next(iter(node.rooms)).sessions.values()
        await until(lambda: session.connection._former is None, 5)
        await asyncio.sleep(1)
        after = await page.evaluate("transport()")
        assert after["iceLocalUsernameFragment"] != before["iceLocalUsernameFragment"]
        assert after["dtlsState"] == "connected"
        assert session.receiver is not None
        received = session.receiver.buffer.counts.received
        await asyncio.sleep(1)
        assert session.receiver.buffer.counts.received > received + 40, "sound still flows"
