"""Where a light peer goes in: a room of a media node, a mountpoint or a bridge of Janus."""

import dataclasses
import json
from dataclasses import dataclass

from bench.light_peers.description import Remote
from bench.light_peers.peer import LightPeer
from bench.light_peers.signalling import join_bridge, offer, watch_mountpoint
from spaces_project.kernel.ids import new_id, public


@dataclass(frozen=True)
class Door:
    """An address that fits on a command line.

    :param how: "node", "streaming" or "bridge".
    :param url: a node's room, or the HTTP interface of Janus.
    :param number: of the mountpoint or the bridge.
    :param speakers: tokens of those who may speak in a node's room.
    :param rtp: the port of a mountpoint, which is spoken to without any handshake.
    """

    how: str
    url: str
    number: int = 1
    speakers: tuple[str, ...] = ()
    rtp: int = 0

    @classmethod
    def read(cls, text: str) -> "Door":
        """Read what ``text`` wrote."""
        members = json.loads(text)
        return cls(**{**members, "speakers": tuple(members["speakers"])})

    def text(self) -> str:
        """Write it down for another process."""
        return json.dumps(dataclasses.asdict(self))

    def listen(self, peer: LightPeer) -> Remote:
        """Come in as somebody who only listens; return what the server says of itself.

        :raises ValueError: if it refuses.
        """
        if self.how == "node":
            return offer(f"{self.url}/whep", public("acc", new_id()), peer, direction="recvonly")
        if self.how == "streaming":
            return watch_mountpoint(self.url, self.number, peer)
        return join_bridge(self.url, self.number, peer, muted=True)

    def speak(self, peer: LightPeer, speaker: int = 0, *, hears: bool = False) -> Remote:
        """Come in as one of those who may speak.

        :raises ValueError: if the server refuses, or is one that nobody speaks to.
        """
        if self.how == "node":
            direction = "sendrecv" if hears else "sendonly"
            return offer(f"{self.url}/whip", self.speakers[speaker], peer, direction=direction)
        if self.how == "streaming":
            raise ValueError("a mountpoint takes plain RTP only")
        return join_bridge(self.url, self.number, peer, muted=False)
