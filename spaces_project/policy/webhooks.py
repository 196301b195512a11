"""Webhook endpoints over REST: whose it is not, for that person it is not there."""

from typing import Final

from spaces_project.policy.row import Section

WEBHOOKS: Final = Section(
    "Webhook endpoints",
    "Statuses over REST. `{endpoint}` is the host's own.",
    {
        "GET webhook-endpoints": "401 403 200 200 200 200 200 200 200 200 200 200",
        "POST webhook-endpoints": "401 403 201 201 201 201 201 201 201 201 201 201",
        "GET webhook-endpoints/{endpoint}": "401 403 404 404 404 404 404 404 200 404 404 404",
        "PATCH webhook-endpoints/{endpoint}": "401 403 404 404 404 404 404 404 200 404 404 404",
        "GET webhook-endpoints/{endpoint}/deliveries": (
            "401 403 404 404 404 404 404 404 200 404 404 404"
        ),
        "POST webhook-endpoints/{endpoint}/test": "401 403 404 404 404 404 404 404 202 404 404 404",
        "POST webhook-endpoints/{endpoint}/replay": (
            "401 403 404 404 404 404 404 404 404 404 404 404"
        ),
        "POST webhook-endpoints/{endpoint}/rotate": (
            "401 403 404 404 404 404 404 404 200 404 404 404"
        ),
        "POST webhook-endpoints/{endpoint}/resume": (
            "401 403 404 404 404 404 404 404 200 404 404 404"
        ),
        "DELETE webhook-endpoints/{endpoint}": "401 403 404 404 404 404 404 404 204 404 404 404",
    },
    {
        "POST webhook-endpoints": {"url": "{receiver}", "types": ["room.started"]},
        "PATCH webhook-endpoints/{endpoint}": {"types": ["room.ended"]},
        "POST webhook-endpoints/{endpoint}/replay": {"room_id": "{room}", "after": 0},
    },
)
