"""What a room tells its viewer of himself or herself."""

from datetime import datetime
from typing import Any, Final

from rooms.domain.words import SpeakInvitation
from rooms.rights import abilities, role_of
from rooms.view import RoomView, Viewer
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.ids import public

BLOCKED_SPEAKER: Final = "blocked-speaker"


def render_viewer(view: RoomView, viewer: Viewer) -> dict[str, Any]:
    """Return what the viewer is and may do, where he or she waits, and what to be warned of."""
    return {
        "account_id": public("acc", viewer.account_id),
        "role": role_of(view, viewer),
        "can": abilities(view, viewer),
        "hand_position": viewer.hand_position,
        "hand_raised_at": _time(viewer.hand_raised_at),
        "may_ask_from": _time(viewer.may_ask_from),
        "invited": viewer.invited,
        "speak_invitation": _offer(viewer.speak_invitation),
        "warnings": [
            {"code": BLOCKED_SPEAKER, "account_id": public("acc", account_id)}
            for account_id in viewer.blocked_on_stage
        ],
    }


def _offer(offer: SpeakInvitation | None) -> dict[str, Any] | None:
    if offer is None:
        return None
    by = public("acc", offer.by) if offer.by else None
    return {"expires_at": rfc3339(offer.expires_at), "by": by}


def _time(time: datetime | None) -> str | None:
    return rfc3339(time) if time else None
