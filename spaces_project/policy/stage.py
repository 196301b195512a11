"""The stage of a room over REST: invitations, hands, seats, microphones, pins; putting out."""

from typing import Final

from spaces_project.policy.row import Section

STAGE: Final = Section(
    "The stage, its leaders, and who is put out",
    "Statuses over REST. `{speaker}` is the person with that role, who may be the one who asks.",
    {
        "POST rooms/{room}/invitations": "401 403 403 403 403 403 403 200 200 403 404 403",
        "DELETE rooms/{room}/invitations/{invited}": (
            "401 403 403 403 403 403 403 200 200 403 404 403"
        ),
        "POST rooms/{room}/invitations/accept": "401 409 409 200 409 409 409 409 409 409 404 409",
        "POST rooms/{room}/invitations/decline": "401 409 409 200 409 409 409 409 409 409 404 409",
        "GET rooms/{room}/hands": "401 200 200 200 200 200 200 200 200 403 404 200",
        "GET rooms/{private}/hands": "401 403 403 200 200 200 200 200 200 403 404 403",
        "GET rooms/{ended}/hands": "401 409 409 409 409 409 409 409 200 403 404 409",
        "POST rooms/{room}/hands": "401 403 409 409 200 409 409 409 409 403 404 409",
        "DELETE rooms/{room}/hands/me": "401 409 409 409 409 200 409 409 409 409 404 409",
        "DELETE rooms/{room}/hands/{requested}": "401 403 403 403 403 200 403 200 200 403 404 403",
        "PUT rooms/{room}/speakers/{requested}": "401 403 403 403 403 403 403 200 200 403 404 403",
        "PUT rooms/{room}/speakers/{removed}": "401 403 403 403 403 403 403 409 409 403 404 403",
        "DELETE rooms/{room}/speakers/{speaker}": "401 403 403 403 403 403 200 200 200 403 404 403",
        "DELETE rooms/{room}/speakers/{cohost}": "401 403 403 403 403 403 403 200 200 403 404 403",
        "DELETE rooms/{room}/speakers/{host}": "401 403 403 403 403 403 403 409 409 403 404 403",
        "DELETE rooms/{room}/speakers/me": "401 409 409 409 409 409 200 200 409 409 404 409",
        "PUT rooms/{room}/cohosts/{speaker}": "401 403 403 403 403 403 403 403 200 403 404 403",
        "DELETE rooms/{room}/cohosts/{cohost}": "401 403 403 403 403 403 403 403 200 403 404 403",
        "PUT rooms/{room}/muted/{speaker}": "401 403 403 403 403 403 200 200 200 403 404 403",
        "PUT rooms/{room}/muted/{host}": "401 403 403 403 403 403 403 200 200 403 404 403",
        "PUT rooms/{room}/muted/me": "401 409 409 409 409 409 200 200 200 409 404 409",
        "DELETE rooms/{room}/muted/{speaker}": "401 403 403 403 403 403 200 403 403 403 404 403",
        "DELETE rooms/{room}/muted/me": "401 409 409 409 409 409 200 200 200 409 404 409",
        "POST rooms/{room}/mute-all": "401 403 403 403 403 403 403 200 200 403 404 403",
        "POST rooms/{room}/pins": "401 403 403 403 403 403 403 201 201 403 404 403",
        "DELETE rooms/{room}/pins/{pin}": "401 403 403 403 403 403 403 200 200 403 404 403",
        "GET rooms/{room}/removed": "401 403 403 403 403 403 403 200 200 403 404 403",
        "GET rooms/{private}/removed": "401 403 403 403 403 403 403 200 200 403 404 403",
        "GET rooms/{ended}/removed": "401 409 409 409 409 409 409 409 200 403 404 409",
        "PUT rooms/{room}/removed/{listener}": "401 403 403 403 403 403 403 200 200 403 404 403",
        "PUT rooms/{room}/removed/{speaker}": "401 403 403 403 403 403 403 200 200 403 404 403",
        "PUT rooms/{room}/removed/{cohost}": "401 403 403 403 403 403 403 409 200 403 404 403",
        "PUT rooms/{room}/removed/{host}": "401 403 403 403 403 403 403 409 409 403 404 403",
        "DELETE rooms/{room}/removed/{removed}": "401 403 403 403 403 403 403 403 200 403 404 403",
        "PUT rooms/{room}/blocked/{listener}": "401 403 403 403 403 403 403 403 200 403 404 403",
        "PUT rooms/{room}/blocked/{host}": "401 403 403 403 403 403 403 403 409 403 404 403",
        "DELETE rooms/{room}/blocked/{blocked}": "401 403 403 403 403 403 403 403 200 403 404 403",
    },
    {
        "POST rooms/{room}/invitations": {"account_ids": ["{friend}"]},
        "POST rooms/{room}/pins": {"text": "What we talk about"},
    },
)
