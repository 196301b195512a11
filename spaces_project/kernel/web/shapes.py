"""Shapes of requests: bodies and numbers that refuse what they do not know."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from rest_framework import serializers

from spaces_project.kernel.refusals import InvalidRequest

NO_TIME: Final = "Must be a time with its zone, e.g. 2026-11-20T10:41:02.882Z."
RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
MOST_DIGITS: Final = 18  # int() refuses thousands of them with an error of its own


class Shape(serializers.Serializer[Any]):
    """A request body; a member that it does not know is refused, not ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated members.

        :raises ValidationError: names each wrong or unknown member.
        """
        if isinstance(data, Mapping):
            unknown = {name: ["There is no such member."] for name in set(data) - set(self.fields)}
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)

    def wished(self) -> dict[str, Any]:
        """Return the validated members, or refuse."""
        self.is_valid(raise_exception=True)
        validated: dict[str, Any] = self.validated_data
        return validated


class Text(serializers.CharField):
    """A JSON string and nothing that merely could be one; the domain judges what it says."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"trim_whitespace": False, **options})

    def to_internal_value(self, data: Any) -> str:
        """Return the text.

        :raises ValidationError: if it is a number or anything else.
        """
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Switch(serializers.BooleanField):
    """A JSON true or false and nothing that merely could be one."""

    def to_internal_value(self, data: Any) -> bool:
        """Return it.

        :raises ValidationError: if it is anything else.
        """
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Words(serializers.MultipleChoiceField):
    """A JSON list of words from a set; the names of an object's members are no list."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the words.

        :raises ValidationError: if it is anything else.
        """
        if not isinstance(data, list):
            self.fail("not_a_list", input_type=type(data).__name__)
        return super().to_internal_value(tuple(data))


class Moment(serializers.DateTimeField):
    """A JSON string with a time of RFC 3339: with its zone, for a day alone is no moment."""

    default_error_messages = {"invalid": NO_TIME}

    def to_internal_value(self, value: Any) -> datetime:
        """Return the time.

        :raises ValidationError: if it is none.
        """
        found = moment(value) if isinstance(value, str) else None
        if found is None:
            self.fail("invalid")
        return found


def moment(text: str) -> datetime | None:
    """Return a time of RFC 3339 in UTC; None if it is none, or says not in which zone it is."""
    if not RFC_3339.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def number(query: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """Return a whole number from a query.

    :raises InvalidRequest: if it is none, or out of bounds.
    """
    text = query.get(name)
    if text is None:
        return default
    digits = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    if not digits or not least <= int(text) <= most:
        raise InvalidRequest(f"{name} must be a whole number from {least} to {most}.")
    return int(text)
