"""What somebody is in a room, and may do and see there; the domain decides again when asked."""

from rooms.domain.admission import refusal_to_admit
from rooms.domain.errors import RemovedFromRoom, RoomIsOver, RoomNotLive
from rooms.domain.words import LEADERS, AudiencePolicy, Role, RoomState, Seat, SpeakPolicy
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
    if viewer.present:
        return "listener"
    return "invited" if viewer.shown else None


def leads(view: RoomView, viewer: Viewer) -> bool:
    """Tell whether the viewer is host, also after the end, or co-host."""
    seat = view.seats.get(viewer.account_id)
    return viewer.account_id == view.card.host_id or (seat is not None and seat.role in LEADERS)


def abilities(view: RoomView, viewer: Viewer) -> list[str]:
    """Return what the viewer may do now; the domain decides again when it is asked."""
    if view.state is RoomState.ENDED or viewer.removed or viewer.blocked:
        return []
    seat = view.seats.get(viewer.account_id)
    can = _host_abilities(view) if seat is not None and seat.role is Role.HOST else []
    can += ["invite", "pin"] if seat is not None and seat.role in LEADERS else []
    if viewer.present:
        can.append("leave")
    elif seat is not None or _admits(view, viewer):
        can.append("join")
    can += _answers(viewer)
    if view.state is not RoomState.LIVE:
        return can
    can += ["listen"] if viewer.present or seat is not None else []
    can += ["react"] if viewer.present else []
    if seat is None:
        return can + _listener_abilities(view, viewer)
    return can + _stage_abilities(seat, viewer)


def refusal_to_look(view: RoomView, viewer: Viewer) -> Refusal | None:
    """Return why somebody may not see who is inside and what happens there; None if he may."""
    if viewer.account_id == view.card.host_id:
        return None
    if viewer.removed or viewer.blocked:
        return RemovedFromRoom()
    if view.state is RoomState.ENDED:
        return RoomIsOver()
    if viewer.present or viewer.account_id in view.seats:
        return None
    if view.state is RoomState.SCHEDULED:
        return RoomNotLive()
    return _refusal_to_admit(view, viewer)


def _host_abilities(view: RoomView) -> list[str]:
    can = ["end", "change_policies", "change_card", "block", "lift_removal"]
    if not view.followers_invited and view.audience_policy is not AudiencePolicy.INVITED:
        can.append("invite_followers")
    if view.state is RoomState.SCHEDULED:
        return [*can, "start"]
    return [*can, "appoint_cohost", "dismiss_cohost", "hand_over"]


def _answers(viewer: Viewer) -> list[str]:
    """Return what somebody may say to an invitation."""
    if viewer.speak_invitation is not None or (viewer.invited and not viewer.present):
        return ["accept_invitation", "decline_invitation"]
    return []


def _stage_abilities(seat: Seat, viewer: Viewer) -> list[str]:
    if seat.role is not Role.HOST and not viewer.present:
        return []  # away: the seat is kept, and one comes back into it by joining
    can = ["speak", "unmute_self" if seat.muted else "mute_self"]
    if seat.role in LEADERS:
        can += ["promote", "demote", "mute", "mute_all", "remove", "invite_to_speak"]
    return can if seat.role is Role.HOST else [*can, "step_down"]


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
    return view.state is RoomState.LIVE and _refusal_to_admit(view, viewer) is None


def _refusal_to_admit(view: RoomView, viewer: Viewer) -> Refusal | None:
    return refusal_to_admit(
        view.audience_policy, follows_host=viewer.follows_host, shown=viewer.shown
    )
