"""What clients are told of the addresses of webhook endpoints."""

from typing import Final

from spaces_project.kernel.refusals import Forgotten, KeyReused
from spaces_project.kernel.schemas import (
    COUNT,
    FLAG,
    TEXT,
    TIME,
    Schema,
    identifier,
    list_of,
    maybe,
    named,
    page_of,
    thing,
    told,
    word,
)
from spaces_project.kernel.web.operations import PAGED, Operation, Operations, Parameter
from spaces_project.kernel.webhooks.api.serializers import (
    DELIVERY,
    ENDPOINT,
    ROOM,
    EndpointChange,
    NewEndpoint,
    Nothing,
    ReplayWish,
    ResumeWish,
)
from spaces_project.kernel.webhooks.errors import (
    NothingToReplay,
    TooManyEndpoints,
    WebhookUrlNotAllowed,
)

ROOM_ID: Final = identifier(ROOM)
EVENT_ID: Final = identifier("evt")
_ENDPOINT: Final[dict[str, Schema]] = {
    "id": identifier(ENDPOINT),
    "url": TEXT,
    "types": told(list_of(TEXT), "What it hears; empty: all."),
    "hears": word("hosted", "all", about="Rooms that its owner hosts, or all rooms."),
    "state": word("enabled", "disabled"),
    "disabled_at": maybe(TIME),
    "disabled_because": TEXT,
    "is_failing": told(FLAG, "Whether the last attempt was in vain."),
    "held_room_ids": told(list_of(ROOM_ID), "Rooms that wait for `resume` or `replay`."),
    "former_secret_until": told(maybe(TIME), "Until then two secrets sign."),
    "created_at": TIME,
}
ENDPOINT_SCHEMA: Final = named(
    "WebhookEndpoint", thing(_ENDPOINT, about="Where another server hears what happens.")
)
WITH_SECRET: Final = named(
    "WebhookEndpointWithSecret",
    thing({**_ENDPOINT, "secret": TEXT}, about="Its secret, which is shown only now."),
)
ENDPOINTS: Final = page_of("WebhookEndpointPage", ENDPOINT_SCHEMA)
TESTED: Final = named(
    "WebhookTest", thing({"webhook_id": EVENT_ID}, about="What its delivery is called.")
)
OUTCOMES: Final = ("delivered", "refused", "redirected", "timed-out", "unreachable", "not-allowed")
_DELIVERY: Final[dict[str, Schema]] = {
    "id": identifier(DELIVERY),
    "webhook_id": EVENT_ID,
    "type": TEXT,
    "room_id": maybe(ROOM_ID),
    "room_seq": maybe(COUNT),
    "attempt": COUNT,
    "at": TIME,
    "duration_ms": COUNT,
    "status": told(maybe(COUNT), "The HTTP status, if one came."),
    "outcome": word(*OUTCOMES),
    "said": told(TEXT, "The first 200 characters of the answer."),
}
DELIVERIES: Final = page_of(
    "WebhookDeliveryPage",
    named("WebhookDelivery", thing(_DELIVERY, about="One attempt to tell one event.")),
)
OPERATIONS: Final[Operations] = {
    "GET webhook-endpoints": Operation("list_webhook_endpoints", ENDPOINTS, query=PAGED),
    "POST webhook-endpoints": Operation(
        "create_webhook_endpoint",
        WITH_SECRET,
        status=201,
        body=NewEndpoint,
        sent={"url": "https://bots.example.org/spaces", "types": ["room.started"]},
        headers=("Location", "Idempotent-Replayed"),
        takes=("Idempotency-Key",),
        command=False,
        refusals=(WebhookUrlNotAllowed, TooManyEndpoints, KeyReused, Forgotten),
    ),
    "GET webhook-endpoints/{endpoint_id}": Operation("show_webhook_endpoint", ENDPOINT_SCHEMA),
    "PATCH webhook-endpoints/{endpoint_id}": Operation(
        "change_webhook_endpoint",
        ENDPOINT_SCHEMA,
        body=EndpointChange,
        sent={"types": ["room.started", "room.ended"]},
        command=False,
        refusals=(WebhookUrlNotAllowed,),
    ),
    "DELETE webhook-endpoints/{endpoint_id}": Operation(
        "delete_webhook_endpoint", None, status=204, command=False
    ),
    "POST webhook-endpoints/{endpoint_id}/test": Operation(
        "test_webhook_endpoint", TESTED, status=202, body=Nothing, command=False
    ),
    "POST webhook-endpoints/{endpoint_id}/replay": Operation(
        "replay_webhook_endpoint",
        ENDPOINT_SCHEMA,
        status=202,
        body=ReplayWish,
        sent={"room_id": "room_01k9z6vw5gf3t8m2c4x7r1pq0n", "after": 0},
        command=False,
        refusals=(NothingToReplay,),
    ),
    "POST webhook-endpoints/{endpoint_id}/rotate": Operation(
        "rotate_webhook_secret", WITH_SECRET, body=Nothing, command=False
    ),
    "POST webhook-endpoints/{endpoint_id}/resume": Operation(
        "resume_webhook_endpoint", ENDPOINT_SCHEMA, body=ResumeWish, command=False
    ),
    "GET webhook-endpoints/{endpoint_id}/deliveries": Operation(
        "list_webhook_deliveries",
        DELIVERIES,
        query={"room_id": Parameter(ROOM_ID, "Only those of this room."), **PAGED},
    ),
}
