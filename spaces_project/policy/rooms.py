"""Rooms over REST: finding, opening, entering, ending."""

from typing import Final

from spaces_project.policy.row import Section

ROOMS: Final = Section(
    "Rooms",
    "Statuses over REST, below `/api/v1/`.",
    {
        "GET rooms": "401 200 200 200 200 200 200 200 200 200 200 200",
        "POST rooms": "401 403 201 201 201 201 201 201 201 201 201 201",
        "GET rooms/{room}": "401 200 200 200 200 200 200 200 200 200 404 200",
        "GET rooms/{private}": "401 200 200 200 200 200 200 200 200 200 404 200",
        "GET rooms/{planned}": "401 200 200 200 200 200 200 200 200 200 404 200",
        "GET rooms/{ended}": "401 200 200 200 200 200 200 200 200 200 404 200",
        "GET rooms/{room}/door": "200 200 200 200 200 200 200 200 200 200 200 200",
        "GET rooms/{private}/door": "404 404 404 404 404 404 404 404 404 404 404 404",
        "GET rooms/{planned}/door": "404 404 404 404 404 404 404 404 404 404 404 404",
        "GET rooms/{ended}/door": "404 404 404 404 404 404 404 404 404 404 404 404",
        "PATCH rooms/{room}": "401 403 403 403 403 403 403 403 200 403 404 403",
        "PATCH rooms/{ended}": "401 409 409 409 409 409 409 409 409 409 404 409",
        "POST rooms/{planned}/start": "401 403 403 403 403 403 403 403 200 403 404 403",
        "POST rooms/{room}/start": "401 403 403 403 403 403 403 403 409 403 404 403",
        "POST rooms/{room}/end": "401 403 403 403 403 403 403 403 200 403 404 403",
        "POST rooms/{ended}/end": "401 409 409 409 409 409 409 409 409 409 404 409",
        "POST rooms/{room}/join": "401 200 200 200 200 200 200 200 200 403 404 200",
        "POST rooms/{private}/join": "401 403 403 200 200 200 200 200 200 403 404 403",
        "POST rooms/{planned}/join": "401 409 409 409 409 409 409 409 200 409 404 409",
        "POST rooms/{ended}/join": "401 409 409 409 409 409 409 409 409 403 404 409",
        "POST rooms/{room}/leave": "401 200 200 200 200 200 200 200 200 200 404 200",
        "POST rooms/{room}/handover": "401 403 403 403 403 403 403 403 200 403 404 403",
        "GET rooms/{room}/participants": "401 200 200 200 200 200 200 200 200 403 404 200",
        "GET rooms/{private}/participants": "401 403 403 200 200 200 200 200 200 403 404 403",
        "GET rooms/{ended}/participants": "401 409 409 409 409 409 409 409 200 403 404 409",
        "GET rooms/{room}/events": "401 200 200 200 200 200 200 200 200 403 404 200",
        "GET rooms/{private}/events": "401 403 403 200 200 200 200 200 200 403 404 403",
        "GET rooms/{ended}/events": "401 409 409 409 409 409 409 409 200 403 404 409",
        "GET rooms/{room}/at?seq=1": "401 200 200 200 200 200 200 200 200 403 404 200",
        "GET rooms/{private}/at?seq=1": "401 403 403 200 200 200 200 200 200 403 404 403",
        "GET rooms/{ended}/at?seq=1": "401 409 409 409 409 409 409 409 200 403 404 409",
        "POST rooms/{room}/reactions": "401 202 409 409 202 202 202 202 202 409 404 409",
    },
    {
        "POST rooms": {"title": "Tea"},
        "PATCH rooms/{room}": {"title": "Coffee"},
        "PATCH rooms/{ended}": {"title": "Coffee"},
        "POST rooms/{room}/handover": {"account_id": "{speaker}"},
        "POST rooms/{room}/reactions": {"emoji": "👏"},
    },
)
