"""Publishes a recording into a room by WHIP, again and again."""

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Final

import aiohttp
import aioice.ice
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer

log = logging.getLogger(__name__)

RECORDING: Final = Path(__file__).parent / "welcome.opus"
PAUSE_S: Final = 1.0
NOT_WANTED_PAUSE_S: Final = 10.0  # the room is over, or the speaker has no seat (yet, or any more)
OVER: Final = frozenset({"closed", "failed"})


class Refused(Exception):
    """The product does not let the speaker speak; ``pause_s`` is when to ask again."""

    def __init__(self, reason: str, pause_s: float) -> None:
        super().__init__(reason)
        self.pause_s = pause_s


async def speak(base_url: str, room: Callable[[], str], token: Callable[[], str]) -> None:
    """Keep a session open for ever; whatever ends it, it is opened again after a pause.

    :param room: says in which room by now.
    """
    # aioice leaves the loopback out, and on a machine without a network that is all there is.
    aioice.ice.get_host_addresses = lambda **_families: ["127.0.0.1"]
    # It gives a silent server half a minute; whoever listens to a demo does not.
    aioice.ice.CONSENT_INTERVAL, aioice.ice.CONSENT_FAILURES = 1, 3
    said = ""
    while True:
        pause_s, trouble = PAUSE_S, ""
        try:
            await _one_session(f"{base_url}/api/v1/rooms/{room()}/whip", token())
        except Refused as refused:
            pause_s, trouble = refused.pause_s, str(refused)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            trouble = str(error) or type(error).__name__
        if trouble and trouble != said:
            log.info("the demo's speaker is silent: %s", trouble)
        said = trouble
        await asyncio.sleep(pause_s)


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
        if response.status == HTTPStatus.CREATED:
            return text
        if "retry-after" in response.headers:
            raise Refused(response.reason or "", float(response.headers["retry-after"]))
        raise Refused(f"{response.status} {response.reason}", NOT_WANTED_PAUSE_S)
