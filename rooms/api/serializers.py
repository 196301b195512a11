"""The shapes of what may be wished for; the limits of texts are the domain's."""

from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers

from rooms.domain.words import AudiencePolicy, SpeakPolicy
from spaces_project.kernel.web.shapes import Shape, Text

AUDIENCES = [policy.value for policy in AudiencePolicy]
SPEAKERS = [policy.value for policy in SpeakPolicy]


def one_of(choices: list[str]) -> serializers.ChoiceField:
    """Return an optional member that takes one of these words, and says so."""
    words = ", ".join(choices)
    return serializers.ChoiceField(
        choices, required=False, error_messages={"invalid_choice": f"Must be one of: {words}."}
    )


def topics() -> serializers.ListField:
    """Return an optional list of topics; how many a room may have, the domain says."""
    topic = Text(validators=[RegexValidator(r"^[A-Za-z0-9_.-]{1,64}\Z")])
    return serializers.ListField(child=topic, required=False, max_length=10)


class OpenRoom(Shape):
    """A new room."""

    title = Text()
    description = Text(required=False, allow_blank=True)
    topic_ids = topics()
    audience_policy = one_of(AUDIENCES)
    speak_policy = one_of(SPEAKERS)


class ChangeRoom(Shape):
    """A new card or new policies; what is missing stays."""

    title = Text(required=False)
    description = Text(required=False, allow_blank=True)
    topic_ids = topics()
    audience_policy = one_of(AUDIENCES)
    speak_policy = one_of(SPEAKERS)


class Removal(Shape):
    """Why somebody is removed; only leaders and the person see it."""

    reason = Text(required=False, allow_blank=True)


class Somebody(Shape):
    """One person."""

    account_id = Text()


class Invitation(Shape):
    """Whom to invite: chosen people or all followers; or one person ``to`` speak."""

    account_ids = serializers.ListField(child=Text(), required=False, min_length=1)
    followers = serializers.BooleanField(required=False)
    to = one_of(["room", "speak"])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what could mean several things."""
        chosen, to_speak = attrs.get("account_ids"), attrs.get("to") == "speak"
        if "followers" in attrs and not attrs["followers"]:
            raise serializers.ValidationError({"followers": ["Must be true, or not be there."]})
        if (chosen is None) == ("followers" not in attrs):
            raise serializers.ValidationError("Name either account_ids or followers.")
        if to_speak and (chosen is None or len(chosen) != 1):
            raise serializers.ValidationError({"account_ids": ["One person speaks at a time."]})
        return attrs


class NewPin(Shape):
    """What to pin: a text, a link, or both."""

    text = Text(required=False, allow_blank=True)
    url = Text(required=False, allow_null=True)


class Empty(Shape):
    """A wish without members."""
