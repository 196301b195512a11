"""Independent WebRTC peers: aiortc as a client, full ICE, its own SRTP, jitter buffer and Opus."""

import asyncio
import fractions
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import UUID

import aiohttp
import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCSessionDescription,
)
from aiortc.rtp import RtpPacket
from av.audio.frame import AudioFrame

from media.audio.opus import OpusDecoder
from media.node import MediaNode, Ports
from spaces_project.kernel.ids import public
from tests.media.fakes import FakeStageFeed, identify, token_of
from tests.media.speech import FRAME, RATE, Samples, likeness_by_part

OPUS_LOOK_AHEAD_MS = 6.5


@asynccontextmanager
async def a_node(
    feed: FakeStageFeed, offers_per_minute: int = 1000, hls_per_minute: int = 10_000
) -> AsyncIterator[MediaNode]:
    node = MediaNode(
        identify=identify,
        stages=feed.stages,
        level_secret="secret",
        offers_per_minute=offers_per_minute,
        hls_per_minute=hls_per_minute,
    )
    await node.start()
    try:
        yield node
    finally:
        await node.stop()


class SpeechTrack(MediaStreamTrack):
    """Plays samples in a loop, 20 ms at a time, and remembers when each began."""

    kind = "audio"

    def __init__(self, samples: Samples) -> None:
        super().__init__()
        self.samples = samples
        self.began: float | None = None
        self._at = 0

    async def recv(self) -> AudioFrame:
        if self.began is None:
            self.began = time.monotonic()
        due = self.began + self._at / RATE
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        start = self._at % (len(self.samples) - FRAME)
        frame = AudioFrame.from_ndarray(
            self.samples[start : start + FRAME].reshape(1, -1), format="s16", layout="mono"
        )
        frame.sample_rate, frame.pts = RATE, self._at
        frame.time_base = fractions.Fraction(1, RATE)
        self._at += FRAME
        return frame


class Somewhere(Protocol):
    """Whatever has a node's ports."""

    ports: Ports


class Peer:
    """One person's browser, as far as media is concerned."""

    def __init__(self, node: Somewhere, account_id: UUID, room_id: UUID) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.heard: list[tuple[float, Samples]] = []
        self.arrived: list[tuple[float, Samples]] = []
        self.location = ""
        self._decoder = OpusDecoder()
        self._base = f"http://127.0.0.1:{node.ports.http}"
        self._room = public("room", room_id)
        self.headers = {"Authorization": f"Bearer {token_of(account_id)}"}
        self._listening: asyncio.Task[None] | None = None

    async def publish(self, samples: Samples) -> SpeechTrack:
        self.track = track = SpeechTrack(samples)
        self.connection.addTransceiver(track, direction="sendrecv")
        await self._negotiate("whip")
        return track

    async def listen(self) -> None:
        self.connection.addTransceiver("audio", direction="recvonly")
        await self._negotiate("whep")

    async def post(self, path: str, sdp: str) -> tuple[int, str, Mapping[str, str]]:
        headers = self.headers | {"Content-Type": "application/sdp"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(self._base + path, data=sdp.encode(), headers=headers) as response,
        ):
            return response.status, await response.text(), response.headers

    async def request(
        self, method: str, path: str, *, body: bytes = b"", kind: str = "application/sdp"
    ) -> tuple[int, str, Mapping[str, str]]:
        headers = self.headers | {"Content-Type": kind}
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, self._base + path, data=body, headers=headers) as response,
        ):
            return response.status, await response.text(errors="replace"), response.headers

    def since(self, moment: float) -> Samples:
        """Return what was played after a moment (time.monotonic), aiortc's delay included."""
        return _joined(self.heard, moment)

    def arrived_since(self, moment: float) -> Samples:
        """Return what came off the wire after a moment, before any jitter buffer of the client."""
        return _joined(self.arrived, moment)

    def quality(self, track: SpeechTrack) -> tuple[float, float]:
        """Return likeness to what the sender spoke, and the server-added delay in ms.

        The delay is from handing a frame to the sender to its arrival here, without the sender's
        own Opus look-ahead (6.5 ms); the server's is in it. Both are medians over half seconds.
        """
        assert track.began is not None
        first = next(i for i, (at, _) in enumerate(self.arrived) if at >= track.began)
        heard = np.concatenate([samples for _, samples in self.arrived[first:]])
        parts = likeness_by_part(track.samples[: RATE * 4], heard)
        delays = []
        for part in parts:
            found_ms = part.at_ms + part.behind_ms
            arrived, _ = self.arrived[first + int(found_ms / 20)]  # the frame that holds its start
            arrived_ms = (arrived - track.began) * 1000 + found_ms % 20
            delays.append(arrived_ms - part.at_ms - OPUS_LOOK_AHEAD_MS)
        alike = [part.alike for part in parts]
        return float(np.median(alike)), float(np.median(delays))

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
        await self.connection.close()

    async def _negotiate(self, kind: str) -> None:
        connected = asyncio.Event()

        @self.connection.on("connectionstatechange")
        def changed() -> None:
            if self.connection.connectionState == "connected":
                connected.set()

        @self.connection.on("track")
        def track_came(track: MediaStreamTrack) -> None:
            self._listening = asyncio.ensure_future(self._record(track))
            self._tap(self.connection.getReceivers()[0])

        await self.connection.setLocalDescription(await self.connection.createOffer())
        offer = self.connection.localDescription.sdp
        status, answer, headers = await self.post(f"/api/v1/rooms/{self._room}/{kind}", offer)
        assert status == 201, answer
        self.location = headers["Location"]
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await asyncio.wait_for(connected.wait(), 10)

    def _tap(self, receiver: RTCRtpReceiver) -> None:
        handle = receiver._handle_rtp_packet

        async def tapped(packet: RtpPacket, arrival_time_ms: int) -> None:
            self.arrived.append((time.monotonic(), self._decoder.decode(packet.payload)))
            await handle(packet, arrival_time_ms=arrival_time_ms)

        receiver._handle_rtp_packet = tapped  # type: ignore[method-assign]

    async def _record(self, track: MediaStreamTrack) -> None:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        while True:
            frame = await track.recv()
            assert isinstance(frame, AudioFrame)
            for plain in resampler.resample(frame):
                self.heard.append((time.monotonic(), plain.to_ndarray()[0].copy()))


async def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        await asyncio.sleep(0.01)


def _joined(parts: list[tuple[float, Samples]], moment: float) -> Samples:
    chosen = [samples for at, samples in parts if at >= moment]
    return np.concatenate(chosen) if chosen else np.zeros(0, np.int16)
