"""What every bench promises: the ratio of ours to its peer's, in one run.

Targets were set before anything was measured. A figure without one is shown without a verdict.
"""

from typing import Final, Literal, NamedTuple

Better = Literal["lower", "higher"]


class Target(NamedTuple):
    """How far ours has to be from the peer's."""

    ratio: float
    better: Better

    @property
    def words(self) -> str:
        """The target as a person would write it."""
        return f"{'≥' if self.better == 'higher' else '≤'} {self.ratio:g}"

    def is_met_by(self, ratio: float) -> bool:
        """Whether a measured ratio is good enough."""
        return ratio >= self.ratio if self.better == "higher" else ratio <= self.ratio


TARGETS: Final[dict[str, Target]] = {
    "commands": Target(3.0, "higher"),
    "commands 1 thread": Target(1.0, "higher"),
    "rebuild": Target(15.0, "higher"),
    "rebuild fold": Target(60.0, "higher"),
    "load": Target(0.4, "lower"),
    "wait": Target(0.05, "lower"),
    "room-growth": Target(1.3, "lower"),
    "room-growth join": Target(1.3, "lower"),
    "room-growth raise a hand": Target(1.3, "lower"),
    "room-growth leave": Target(1.3, "lower"),
    "room-growth look over REST": Target(1.3, "lower"),
    "room-growth join by a socket": Target(1.3, "lower"),
    "hot-sale": Target(30.0, "higher"),
    "socket-fanout": Target(0.8, "lower"),
    "echo": Target(1.3, "lower"),
    "socket-pg": Target(0.6, "lower"),
    "rest": Target(1.0, "higher"),
    "audio-fanout": Target(0.5, "lower"),
    "audio-fanout 200 listeners": Target(0.65, "lower"),
    "audio-fanout 1000 listeners": Target(0.5, "lower"),
    "audio-fanout AudioBridge": Target(0.12, "lower"),
    "audio-stage": Target(1.0, "lower"),
    "audio-stage all talking": Target(1.3, "lower"),
    "added-latency": Target(0.35, "lower"),
}
