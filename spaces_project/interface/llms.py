"""``/api/llms.txt``: what the interface is, in plain words (llmstxt.org)."""

from functools import cache
from typing import Final

from django.conf import settings

from spaces_project.interface.described import described

# The ten calls with which one gets through an evening.
TEN: Final = (
    "register_account", "create_token", "list_rooms", "open_room", "start_room", "join_room",
    "show_room", "raise_hand", "promote_speaker", "end_room",
)  # fmt: skip
WORDS: Final = """\
# Spaces

> A self-hosted backend for live audio rooms: a host and a few speakers on stage, listeners around
> them, hands raised and taken. This server: {base}

All REST is below {base}/api/v1, JSON objects in UTF-8. Say who you are with
`Authorization: Bearer <token>`; a token comes from `POST /api/v1/tokens`, or is a server's API key.
A member or parameter that an address does not know is refused. Identifiers are opaque
(`room_…`, `acc_…`). Times are RFC 3339 in UTC.

A command answers with the new state, `ETag` and `Position`. Send that `Position` as `Min-Position`
with a GET to read your own write. Send an `Idempotency-Key` to be able to ask again safely.
A no is `application/problem+json`; go by its `code`; {base}/problems/<code> says what to do.
On 429 and 503 wait as long as `Retry-After` says.

## The ten calls

{calls}

## What happens in a room

Open a websocket at {socket}/ws/v1/rooms/<room_id> with the subprotocol `rooms.v1`; send
`{{"type":"auth","token":"…"}}` first. Then come a `snapshot` and events with `seq` 1, 2, 3 without
holes. Commands are frames too: `{{"type":"hand.raise","ref":"c1","data":{{}}}}` is answered with
`{{"type":"ack","ref":"c1","seq":7}}` or an `error` with a problem. Answer `ping` with `pong`.
Reconnect with `after` (your last seq) and `epoch` (from the snapshot) to get what you missed.
Without a socket: `GET /api/v1/rooms/<room_id>/events?after=<seq>&wait=25`.

Sound is WebRTC: `POST /api/v1/rooms/<room_id>/whep` with an SDP offer to listen, `whip` to speak.
Where WebRTC cannot pass: HLS, `GET /api/v1/rooms/<room_id>/hls/live.m3u8`, some seconds later, with
the same `Authorization` header for the playlist and each segment.

## Documents

- [OpenAPI 3.1]({base}/api/openapi.yaml): every address, also as {base}/api/openapi.json
- [AsyncAPI 3.0]({base}/api/asyncapi.yaml): every frame, also as {base}/api/asyncapi.json
- [Reference]({base}/api/docs): both on one page, for people
- [Problems]({base}/problems): every way to hear no
"""


@cache
def llms_text() -> bytes:
    """Return the page."""
    by_name = {operation.id: line for line, (_, operation) in described().items()}
    calls = "\n".join(f"- `{' '.join(by_name[name])}` ({name})" for name in TEN)
    base = settings.BASE_URL
    return WORDS.format(base=base, socket=base.replace("http", "ws", 1), calls=calls).encode()
