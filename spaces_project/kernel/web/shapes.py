"""Shapes of requests: bodies and numbers that refuse what they do not know."""

from collections.abc import Mapping
from typing import Any, Final

from rest_framework import serializers

from spaces_project.kernel.refusals import InvalidRequest

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
