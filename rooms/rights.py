"""What somebody is in a room, and may do and see there; the domain decides again when asked."""

from rooms.domain.errors import FollowersOnly, RemovedFromRoom, RoomIsOver, RoomNotLive
from rooms.domain.room import LEADERS
from rooms.domain.words import AudiencePolicy, Role, RoomState, SpeakPolicy
from rooms.view import RoomView, Viewer
from spaces_project.kernel.refusals import Refusal


def role_of(view: RoomView, viewer: Viewer) -> str | None:
    """Return what the viewer is in the room."""
    if seat := view.seats.get(viewer.account_id):
        return seat.role.value
    if viewer.blocked:
        return "blocked"
    if viewer.removed:
        return "removed"
    if viewer.hand_position is not None:
        return "requested"
    return "listener" if viewer.present else None


def abilities(view: RoomView, viewer: Viewer) -> list[str]:
    """Return what the viewer may do now; the domain decides again when it is asked."""
    if view.state is RoomState.ENDED or viewer.removed or viewer.blocked:
        return []
    seat = view.seats.get(viewer.account_id)
    can: list[str] = []
    if seat is not None and seat.role is Role.HOST:
        can += ["end", "change_policies", "block"]
        can += ["start"] if view.state is RoomState.SCHEDULED else []
    if viewer.present:
        can.append("leave")
    elif seat is not None or _admits(view, viewer):
        can.append("join")
    if view.state is not RoomState.LIVE:
        return can
    can += ["listen"] if viewer.present or seat is not None else []
    if seat is None:
        return can + _listener_abilities(view, viewer)
    can += ["speak", "unmute_self" if seat.muted else "mute_self"]
    can += ["promote", "demote", "mute", "remove"] if seat.role in LEADERS else []
    can += [] if seat.role is Role.HOST else ["step_down"]
    return can


def refusal_to_look(view: RoomView, viewer: Viewer) -> Refusal | None:
    """Return why somebody may not see who is inside and what happens there; None if he may."""
    if viewer.account_id == view.card.host_id:
        return None
    if viewer.removed or viewer.blocked:
        return RemovedFromRoom()
    if view.state is RoomState.ENDED:
        return RoomIsOver()
    if viewer.present or viewer.account_id in view.seats or _admits(view, viewer):
        return None
    return RoomNotLive() if view.state is RoomState.SCHEDULED else FollowersOnly()


def _listener_abilities(view: RoomView, viewer: Viewer) -> list[str]:
    if not viewer.present:
        return []
    if viewer.hand_position is not None:
        return ["lower_hand"]
    asks = view.speak_policy is SpeakPolicy.EVERYONE or (
        view.speak_policy is SpeakPolicy.FOLLOWED_BY_HOST and viewer.followed_by_host
    )
    return ["raise_hand"] if asks else []


def _admits(view: RoomView, viewer: Viewer) -> bool:
    open_to_all = view.audience_policy is AudiencePolicy.PUBLIC
    return view.state is RoomState.LIVE and (open_to_all or viewer.follows_host)
