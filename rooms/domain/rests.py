"""How long a hand rests: what the event says, or what was the rule before events said it."""

from datetime import datetime, timedelta
from typing import Final

from rooms.domain.events import HandLowered, Left

# Numbers of history: events stored by version 0.3 and before carry no time to ask again.
_WITHDRAWN: Final = timedelta(seconds=60)
_REFUSED: Final = timedelta(minutes=5)


def rests_until(happened: HandLowered | Left) -> datetime:
    """Return from when on somebody may ask again, whose hand this event took down."""
    if happened.may_ask_from is not None:
        return happened.may_ask_from
    refused = isinstance(happened, HandLowered) and happened.by != happened.account_id
    return happened.at + (_REFUSED if refused else _WITHDRAWN)
