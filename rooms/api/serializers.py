"""The shapes of what may be wished for; the limits of texts are the domain's."""

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


class OpenRoom(Shape):
    """A new room."""

    title = Text()
    description = Text(required=False, allow_blank=True)
    topic_ids = serializers.ListField(
        child=Text(validators=[RegexValidator(r"^[A-Za-z0-9_.-]{1,64}\Z")]),
        required=False,
        max_length=10,
    )
    audience_policy = one_of(AUDIENCES)
    speak_policy = one_of(SPEAKERS)


class ChangeRoom(Shape):
    """New policies; what is missing stays."""

    audience_policy = one_of(AUDIENCES)
    speak_policy = one_of(SPEAKERS)


class Removal(Shape):
    """Why somebody is removed; only leaders and the person see it."""

    reason = Text(required=False, allow_blank=True)


class Empty(Shape):
    """A wish without members."""
