"""The shapes of what is asked over the socket."""

from typing import Annotated, Any

import msgspec

from rooms.domain.words import AudiencePolicy, SpeakPolicy

Topic = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.-]{1,64}$(?!\n)")]


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A command that needs no data."""


class Somebody(msgspec.Struct, forbid_unknown_fields=True):
    """A command about one person."""

    account_id: str


class MaybeSomebody(msgspec.Struct, forbid_unknown_fields=True):
    """A command about oneself, unless it names somebody."""

    account_id: str | None = None


class Removal(msgspec.Struct, forbid_unknown_fields=True):
    """Whom to remove, and why."""

    account_id: str
    reason: str = ""


class Card(msgspec.Struct, forbid_unknown_fields=True):
    """What to write on the door; what is missing stays."""

    title: str | None = None
    description: str | None = None
    topic_ids: list[Topic] | None = None


class People(msgspec.Struct, forbid_unknown_fields=True):
    """Chosen people."""

    account_ids: Annotated[list[str], msgspec.Meta(min_length=1)]


class NewPin(msgspec.Struct, forbid_unknown_fields=True):
    """What to pin: a text, a link, or both."""

    text: str = ""
    url: str | None = None


class OnePin(msgspec.Struct, forbid_unknown_fields=True):
    """One pin."""

    pin_id: str


class Reaction(msgspec.Struct, forbid_unknown_fields=True):
    """One emoji of the set."""

    emoji: str


class Policies(msgspec.Struct, forbid_unknown_fields=True):
    """The policies to change; what is missing stays."""

    audience_policy: AudiencePolicy | None = None
    speak_policy: SpeakPolicy | None = None


class CommandFrame(msgspec.Struct):
    """A command as it comes: ``ref`` names the wish, so that a repetition is no second one."""

    type: str
    ref: str
    data: dict[str, Any] = {}
