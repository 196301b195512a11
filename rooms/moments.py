"""What somebody sees of a room at one moment, made from its fold: for sockets and for REST."""

from typing import Any
from uuid import UUID

from rooms import queries
from rooms.domain.stage import Stage
from rooms.snapshots import Names, render
from rooms.view import RoomView, Viewer

Moment = tuple[RoomView, Viewer]


def moment_of(stage: Stage, account_id: UUID) -> Moment:
    """Return a copy of what somebody may see of a room; the fold goes on without it."""
    return RoomView.of_stage(stage, account_id), Viewer.of_stage(stage, account_id)


def render_moment(moment: Moment, names: Names | None = None) -> dict[str, Any]:
    """Return the room object of a moment. Who follows and blocks whom is asked as it is now."""
    view, viewer = moment
    return render(view, queries.with_relation(viewer, view), names)
