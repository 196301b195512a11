"""Sound: WHIP, WHEP, HLS and the sessions that they lead to."""

from typing import Final

from spaces_project.policy.row import Section

MEDIA: Final = Section(
    "Sound",
    "Statuses over HTTP. `{own}` is a session of whoever asks, for those who may have one; "
    "`{session}` is one of the speaker's; `{segment}` is in the playlist that the speaker gets.",
    {
        "POST rooms/{room}/whip": "401 403 404 404 403 403 201 201 201 404 404 404",
        "POST rooms/{room}/whep": "401 201 404 404 201 201 201 201 201 404 404 404",
        "POST rooms/{private}/whep": "401 404 404 404 201 201 201 201 201 404 404 404",
        "POST rooms/{planned}/whip": "401 404 404 404 404 404 404 404 409 404 404 404",
        "POST rooms/{ended}/whep": "401 404 404 404 404 404 404 404 404 404 404 404",
        "GET rooms/{room}/hls/live.m3u8": "401 200 404 404 200 200 200 200 200 404 404 404",
        "GET rooms/{private}/hls/live.m3u8": "401 404 404 404 200 200 200 200 200 404 404 404",
        "GET rooms/{planned}/hls/live.m3u8": "401 404 404 404 404 404 404 404 403 404 404 404",
        "GET rooms/{ended}/hls/live.m3u8": "401 404 404 404 404 404 404 404 404 404 404 404",
        "GET rooms/{room}/hls/init.mp4": "401 200 404 404 200 200 200 200 200 404 404 404",
        "GET rooms/{room}/hls/{segment}.m4s": "401 200 404 404 200 200 200 200 200 404 404 404",
        "PATCH media/sessions/{own}": "401 204 404 404 204 204 204 204 204 404 404 404",
        "PATCH media/sessions/{session}": "401 404 404 404 404 404 204 404 404 404 404 404",
        "DELETE media/sessions/{own}": "401 200 404 404 200 200 200 200 200 404 404 404",
        "DELETE media/sessions/{session}": "401 404 404 404 404 404 200 404 404 404 404 404",
    },
)
