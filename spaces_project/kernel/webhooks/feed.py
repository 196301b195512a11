"""The feed: for each endpoint and room, how far there is something to tell."""

from collections.abc import Sequence
from typing import Final

from spaces_project.kernel.following.pipeline import send
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.webhooks.sources import Told

NAME: Final = "webhooks"

_SPANS: Final = (
    "INSERT INTO webhook_spans (room_id, from_seq, owner_id)"
    " SELECT * FROM unnest(%b::uuid[], %b::bigint[], %b::uuid[]) ON CONFLICT DO NOTHING"
)
# Two ways to be concerned, each by an index of its own. A line that is new begins behind what
# stood before its first event: what was never to be told is not told later.
_MARK: Final = """
WITH news AS (
    SELECT * FROM unnest(%b::uuid[], %b::bigint[], %b::bigint[], %b::text[])
        AS n (room_id, seq, position, type)
), heard AS (
    SELECT n.*, (SELECT s.owner_id FROM webhook_spans s
        WHERE s.room_id = n.room_id AND s.from_seq <= n.seq
        ORDER BY s.from_seq DESC LIMIT 1) AS owner_id
    FROM news n
), concerned AS (
    SELECT e.id, h.room_id, h.seq FROM heard h JOIN webhook_endpoints e
        ON e.owner_id = h.owner_id AND NOT e.hears_all
        AND e.disabled_at IS NULL AND e.since < h.position
        AND (e.types = '{}' OR h.type = ANY (e.types))
    UNION ALL
    SELECT e.id, h.room_id, h.seq FROM heard h JOIN webhook_endpoints e
        ON e.hears_all AND e.disabled_at IS NULL AND e.since < h.position
        AND (e.types = '{}' OR h.type = ANY (e.types))
)
INSERT INTO webhook_lines AS l (endpoint_id, room_id, told_seq, wanted_seq)
    SELECT id, room_id, min(seq) - 1, max(seq) FROM concerned GROUP BY id, room_id
    ON CONFLICT (endpoint_id, room_id) DO UPDATE
        SET wanted_seq = greatest(l.wanted_seq, excluded.wanted_seq)
"""


class Feed(ReadModel):
    """Follows the log; writes marks, never what happened.

    Its rows are no view: nobody rebuilds them. What it does twice changes nothing.
    """

    name = NAME
    tables = ()

    def __init__(self, told: Told) -> None:
        self._told = told
        self.listen_to = (*told.types, *told.owners)  # type: ignore[misc]

    def apply(self, recorded: Recorded) -> None:
        """Mark one event."""
        self.apply_all([recorded])

    def apply_all(self, batch: Sequence[Recorded]) -> None:
        """Mark several events: first who may hear their rooms, then who is to be told."""
        in_rooms = [r for r in batch if r.room_id is not None and r.seq is not None]
        owned = [r for r in in_rooms if type(r.event) in self._told.owners]
        if owned:
            owners = [self._told.owners[type(r.event)](r.event) for r in owned]
            send(_SPANS, ([r.room_id for r in owned], [r.seq for r in owned], owners))
        told = [r for r in in_rooms if type(r.event) in self._told.types]
        if told:
            places = [r.room_id for r in told], [r.seq for r in told]
            types = [self._told.types[type(r.event)] for r in told]
            send(_MARK, (*places, [r.position for r in told], types))
