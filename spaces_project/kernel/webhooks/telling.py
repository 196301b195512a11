"""One line told on: event after event, each marked before the next is sent."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction

from spaces_project.kernel.clock import now
from spaces_project.kernel.webhooks import attempts, endpoints, lines
from spaces_project.kernel.webhooks.lines import Line
from spaces_project.kernel.webhooks.messages import Message, Page, next_page
from spaces_project.kernel.webhooks.models import EndpointRow
from spaces_project.kernel.webhooks.posting import Answer, Poster
from spaces_project.kernel.webhooks.signing import signed_headers
from spaces_project.kernel.webhooks.sources import Told

FRESH_S: Final = 20.0  # what was read longer ago is read again: it may be erased by now
Ask = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is told next, where to, and signed by what."""

    url: str
    secrets: list[str]
    page: Page


def prepare(line: Line, told: Told) -> Prepared | None:
    """Return what is to be told on a line; nothing, if its endpoint may not be called now."""
    endpoint = endpoints.callable_now(line.endpoint_id)
    if endpoint is None:
        return None
    url, secrets = endpoints.url_of(endpoint), endpoints.secrets_of(endpoint, now())
    if not url or not secrets:
        return None  # its key is gone: it is being deleted
    return Prepared(url, secrets, next_page(line, endpoint, told))


async def tell(
    poster: Poster, line: Line, prepared: Prepared, ask: Ask, goes_on: Callable[[], bool]
) -> None:
    """Tell a page of events in order, until one is not delivered."""
    since, in_vain, page = line.told_seq, line.attempts, prepared.page
    began = time.monotonic()
    for message in page.messages:
        if not goes_on() or time.monotonic() - began > FRESH_S:
            return
        headers = signed_headers(
            prepared.secrets, message.webhook_id, int(time.time()), message.body
        )
        answer = await poster.post(prepared.url, message.body, headers)
        if not await ask(conclude, line, message, answer, since, in_vain):
            return
        since, in_vain = message.seq, 0
    if since < page.upto:
        await ask(lines.told, line, since, page.upto)


def conclude(line: Line, message: Message, answer: Answer, since: int, in_vain: int) -> bool:
    """Write what came of an attempt; tell whether the line goes on.

    A test is tried once: nobody waits behind it.
    """
    try:
        with transaction.atomic():
            attempts.keep(line, message, answer, in_vain + 1)
            lines.say_failing(line.endpoint_id, not answer.delivered)
            if answer.delivered or line.is_test:
                is_ours = lines.told(line, since, message.seq)
            else:
                lines.failed(line, since, in_vain, settings.WEBHOOK_RETRIES_S)
                is_ours = False
    except IntegrityError:
        return False  # the endpoint was deleted meanwhile
    if answer.is_gone:
        asked = EndpointRow.objects.filter(id=line.endpoint_id)
        endpoints.disable(asked, "it answered 410 Gone")
    return is_ours and answer.delivered
