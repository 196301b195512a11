"""The lobby's table and the statements that keep it: the same for us and for the peer."""

from typing import Final

from bench.lobbies.story import Kind

LOBBY: Final = """
CREATE TABLE IF NOT EXISTS bench_lobby (
    room_id uuid PRIMARY KEY, title text NOT NULL, state text NOT NULL, inside bigint NOT NULL,
    hands bigint NOT NULL, speakers bigint NOT NULL, version bigint NOT NULL
)
"""
CREATE: Final = "INSERT INTO bench_lobby VALUES (%s, %s, 'scheduled', 0, 0, 0, 1)"
ROWS: Final = "SELECT title, state, inside, hands, speakers, version FROM bench_lobby ORDER BY 1"
# What each event adds to: people inside, hands, speakers.
COUNTS: Final = {
    Kind.STARTED: (0, 0, 0),
    Kind.JOINED: (1, 0, 0),
    Kind.LEFT: (-1, 0, 0),
    Kind.HAND_RAISED: (0, 1, 0),
    Kind.HAND_LOWERED: (0, -1, 0),
    Kind.PROMOTED: (0, -1, 1),
    Kind.SEATED: (0, 0, 0),
    Kind.DEMOTED: (0, 0, -1),
    Kind.UNSEATED: (0, 0, 0),
    Kind.MUTED: (0, 0, 0),
    Kind.UNMUTED: (0, 0, 0),
    Kind.ENDED: (0, 0, 0),
}
STATES: Final = {Kind.STARTED: "live", Kind.ENDED: "ended"}


def _change(kind: Kind) -> str:
    changes = [
        f"{name} = {name} + {step}"
        for name, step in zip(("inside", "hands", "speakers"), COUNTS[kind], strict=True)
        if step
    ]
    if kind in STATES:
        changes.append(f"state = '{STATES[kind]}'")
    changes.append("version = version + 1")
    return f"UPDATE bench_lobby SET {', '.join(changes)} WHERE room_id = %s"  # noqa: S608


CHANGES: Final = {kind: _change(kind) for kind in COUNTS}
