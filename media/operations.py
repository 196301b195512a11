"""What clients are told of WHIP, WHEP and HLS, which the media node answers through web."""

from typing import Final

from media.domain.errors import (
    MayNotListen,
    NoSoundYet,
    NoSuchSegment,
    SeatNeeded,
    TooManyOffers,
)
from media.hls.delivery import AUDIO, PLAYLIST
from spaces_project.kernel.refusals import Kind, Refusal
from spaces_project.kernel.schemas import TEXT, Schema, told
from spaces_project.kernel.web.operations import Operation, Operations

SDP: Final = "application/sdp"
FRAGMENT: Final = "application/trickle-ice-sdpfrag"
OFFER: Final[Schema] = told(TEXT, "An SDP offer with one audio line (Opus), at most 32 KiB.")
ANSWER: Final[Schema] = told(TEXT, "The SDP answer.")
PIECE: Final[Schema] = told(TEXT, "An SDP fragment (RFC 8840).")
LISTED: Final[Schema] = told(TEXT, "A playlist (RFC 8216) of the last seconds.")
SOUND: Final[Schema] = told(TEXT | {"contentMediaType": AUDIO}, "Opus in fragmented MP4.")


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


def _delayed(
    name: str,
    summary: str,
    answer: Schema = SOUND,
    answer_type: str = AUDIO,
    refusals: tuple[type[Refusal], ...] = (),
) -> Operation:
    return Operation(
        name,
        answer,
        answer_type=answer_type,
        headers=("Cache-Control",),
        problems=(Kind.BAD_GATEWAY,),
        refusals=(MayNotListen, *refusals),
        summary=summary,
    )


OPERATIONS: Final[Operations] = {
    "POST rooms/{room_id}/whip": _opening("speak", "Speak: offer a session to send sound (WHIP)."),
    "POST rooms/{room_id}/whep": _opening("listen", "Listen: offer a session to hear (WHEP)."),
    "GET rooms/{room_id}/hls/live.m3u8": _delayed(
        "show_playlist", "Listen with a delay, where WebRTC cannot (HLS).", LISTED, PLAYLIST
    ),
    "GET rooms/{room_id}/hls/init.mp4": _delayed(
        "show_stream_head", "Show what a player reads first."
    ),
    "GET rooms/{room_id}/hls/{segment}.m4s": _delayed(
        "show_segment", "Show a segment that the playlist names.", refusals=(NoSuchSegment,)
    ),
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
