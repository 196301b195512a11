"""What clients are told of WHIP and WHEP, which the media node answers through web."""

from typing import Final

from media.domain.errors import MayNotListen, NoSoundYet, SeatNeeded, TooManyOffers
from spaces_project.kernel.refusals import Kind
from spaces_project.kernel.schemas import TEXT, Schema, told
from spaces_project.kernel.web.operations import Operation, Operations

SDP: Final = "application/sdp"
FRAGMENT: Final = "application/trickle-ice-sdpfrag"
OFFER: Final[Schema] = told(TEXT, "An SDP offer with one audio line (Opus), at most 32 KiB.")
ANSWER: Final[Schema] = told(TEXT, "The SDP answer.")
PIECE: Final[Schema] = told(TEXT, "An SDP fragment (RFC 8840).")


def _opening(name: str, summary: str) -> Operation:
    return Operation(
        name,
        ANSWER,
        status=201,
        body=OFFER,
        body_type=SDP,
        answer_type=SDP,
        headers=("Location", "ETag", "Accept-Patch"),
        command=False,
        problems=(Kind.TOO_LARGE, Kind.MEDIA_TYPE, Kind.BAD_GATEWAY),
        refusals=(NoSoundYet, SeatNeeded, MayNotListen, TooManyOffers),
        summary=summary,
    )


OPERATIONS: Final[Operations] = {
    "POST rooms/{room_id}/whip": _opening("speak", "Speak: offer a session to send sound (WHIP)."),
    "POST rooms/{room_id}/whep": _opening("listen", "Listen: offer a session to hear (WHEP)."),
    "PATCH media/sessions/{session_id}": Operation(
        "restart_session",
        PIECE,
        also={204: None},
        body=PIECE,
        body_type=FRAGMENT,
        answer_type=FRAGMENT,
        headers=("ETag",),
        takes=("If-Match",),
        command=False,
        problems=(Kind.TOO_LARGE, Kind.MEDIA_TYPE, Kind.PRECONDITION, Kind.BAD_GATEWAY),
        summary="Restart ICE (200 with ours), or say candidates, which change nothing (204).",
    ),
    "DELETE media/sessions/{session_id}": Operation(
        "end_session",
        None,
        command=False,
        problems=(Kind.BAD_GATEWAY,),
        summary="End the session.",
    ),
}
