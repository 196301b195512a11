"""Made-up people and rooms in the shapes of the API."""

from typing import Any

Frame = dict[str, Any]
Room = dict[str, Any]

ROOM_ID = "room_" + "0" * 26
AT = "2026-01-02T03:04:05.678Z"


def account_id(handle: str) -> str:
    """Return an id that names its owner."""
    return "acc_" + handle.ljust(26, "0")


ANA, BO, CY, DEE = (account_id(handle) for handle in ("ana", "bo", "cy", "dee"))
NAMES = {ANA: "Ana Reyes", BO: "Bo Lindqvist", CY: "<img src=x onerror=alert(1)>", DEE: "\u202eDee"}


def person(account_id: str) -> dict[str, str]:
    """Return a reference to a person."""
    return {"account_id": account_id, "name": NAMES[account_id], "handle": account_id[4:7]}


def seat(account_id: str, role: str = "speaker", **changes: object) -> dict[str, Any]:
    """Return a seat, muted as every seat begins."""
    as_it_begins = {"muted": True, "muted_by": None, "away": False}
    return {**person(account_id), "role": role, **as_it_begins, **changes}


def looking(account_id: str = BO, role: str | None = "listener", **changes: object) -> Room:
    """Return how somebody stands to the room."""
    return {
        "account_id": account_id,
        "role": role,
        "can": ["leave", "listen", "react", "raise_hand"],
        "hand_position": None,
        "hand_raised_at": None,
        "may_ask_from": None,
        "invited": False,
        "speak_invitation": None,
        "warnings": [],
        **changes,
    }


def room(viewer: str = BO, role: str | None = "listener", **changes: object) -> Room:
    """Return a live room that Ana hosts and Bo listens to."""
    return {
        "id": ROOM_ID,
        "state": "live",
        "title": "Night trains",
        "description": "Sleepers and seats.",
        "creator_id": ANA,
        "host_id": ANA,
        "host_ids": [ANA],
        "cohost_ids": [],
        "invited_user_ids": [],
        "speak_invitations": [],
        "pins": [],
        "ending_at": None,
        "speaker_ids": [],
        "participant_count": 2,
        "started_at": AT,
        "ended_at": None,
        "created_at": AT,
        "updated_at": AT,
        "is_ticketed": False,
        "is_recorded": False,
        "lang": None,
        "topic_ids": [],
        "audience_policy": "public",
        "speak_policy": "everyone",
        "stage_size": 12,
        "seats": [seat(ANA, "host")],
        "hands": [],
        "hand_count": 0,
        "listeners": [person(BO)],
        "viewer": looking(viewer, role),
        "seq": 10,
        **changes,
    }


def snapshot(state: Room) -> Frame:
    """Return the frame that brings a room."""
    return {"type": "snapshot", "seq": state["seq"], "epoch": "1", "state": state}


def event(seq: int, kind: str, actor: str = ANA, **data: object) -> Frame:
    """Return an event frame."""
    return {"type": kind, "seq": seq, "id": f"evt_{seq}", "at": AT, "actor": actor, "data": data}
