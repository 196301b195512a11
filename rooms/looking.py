"""What a socket is shown first: the room as its fold knows it, bounded however many are inside."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from rooms.announcements import Names
from rooms.channel import RoomChannel
from rooms.crowd import FOLLOWED_SHOWN
from rooms.moments import Moment, moment_of, render_moment
from rooms.snapshots import people_in

InThread = Callable[..., Awaitable[Any]]


async def snapshot_of(
    channel: RoomChannel, me: UUID, followed: list[UUID], in_thread: InThread
) -> tuple[int, dict[str, Any]]:
    """Return the room for one viewer, and the number of the event up to which it is told.

    In a crowd it lists no strangers: of the listeners those whom the viewer follows, and the line
    only for who leads.

    :param followed: whom the viewer follows; asked for in a crowd only.
    """
    moment = _moment(channel, me, followed)
    seq = moment[0].seq or 0
    in_crowd = channel.is_crowd and bool(moment[0].listeners)
    is_special = in_crowd or channel.stage.leads(me)  # others are named than to most
    names = None if is_special else channel.names_at(seq)
    state, names = await in_thread(_rendered, moment, names)
    if not is_special:
        channel.keep_names(seq, names)
    return seq, state


def _rendered(moment: Moment, names: Names | None) -> tuple[dict[str, Any], Names]:
    known = people_in([moment[0]]) if names is None else names
    return render_moment(moment, known), known


def _moment(channel: RoomChannel, me: UUID, followed: list[UUID]) -> Moment:
    stage = channel.stage
    view, viewer = moment_of(stage, me)
    if channel.is_crowd:
        inside = (a for a in followed if a in stage.present and a not in stage.seats)
        view.listeners = [a for a, _ in zip(inside, range(FOLLOWED_SHOWN), strict=False)]
        if not stage.leads(me):
            view.hands = {}
    return view, viewer
