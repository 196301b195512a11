"""What somebody sees of a room at one moment, made from its fold: for sockets and for REST."""

from typing import Any
from uuid import UUID

from rooms import queries
from rooms.domain.stage import Stage
from rooms.snapshots import Names, render
from rooms.view import RoomView, Viewer


def seen_by(stage: Stage, account_id: UUID, names: Names | None = None) -> dict[str, Any]:
    """Return the room object for somebody, whom others follow and block as of now."""
    view = RoomView.of_stage(stage, account_id)
    viewer = queries.with_relation(Viewer.of_stage(stage, account_id), view)
    return render(view, viewer, names)
