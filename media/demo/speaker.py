"""Publishes a recording into a room by WHIP, again and again."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

import aiohttp
import aioice.ice
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer

log = logging.getLogger(__name__)

RECORDING: Final = Path(__file__).parent / "welcome.opus"
PAUSE_S: Final = 3.0
OVER: Final = frozenset({"closed", "failed"})


async def speak(base_url: str, room: str, token: Callable[[], str]) -> None:
    """Keep a session open for ever; whatever ends it, it is opened again after a pause."""
    # aioice leaves the loopback out, and on a machine without a network that is all there is.
    aioice.ice.get_host_addresses = lambda **_families: ["127.0.0.1"]
    url = f"{base_url}/api/v1/rooms/{room}/whip"
    while True:
        try:
            await _one_session(url, token())
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            log.info("the demo's speaker could not speak: %s", error)
        await asyncio.sleep(PAUSE_S)


async def _one_session(url: str, token: str) -> None:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    player = MediaPlayer(str(RECORDING), loop=True)
    assert player.audio is not None
    ended = asyncio.Event()

    @peer.on("connectionstatechange")
    def changed() -> None:
        if peer.connectionState in OVER:
            ended.set()

    try:
        peer.addTransceiver(player.audio, direction="sendrecv")
        await peer.setLocalDescription(await peer.createOffer())
        answer = await _offer(url, token, peer.localDescription.sdp)
        await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await ended.wait()
    finally:
        await peer.close()


async def _offer(url: str, token: str, sdp: str) -> str:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
        session.post(url, data=sdp, headers=headers) as response,
    ):
        text = await response.text()
        if response.status != 201:  # noqa: PLR2004 - Created
            raise ValueError(f"{response.status}: {text[:200]}")
        return text
