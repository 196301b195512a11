"""Every reason why webhooks say no."""

from spaces_project.kernel.refusals import Kind, Refusal


class WebhookUrlNotAllowed(Refusal):
    """Webhooks go to public ``https`` addresses only.

    No user or password, no fragment, at most 2,048 characters of ASCII, port 443, 80 or 1024 and
    above. Every address behind the name must be public: not of a private network, not of the
    machine itself. ``detail`` says what is wrong.
    """

    kind, code, title = Kind.INVALID, "webhook-url-not-allowed", "Webhooks cannot go there."


class TooManyEndpoints(Refusal):
    """You have as many webhook endpoints as you may. Delete one that you need no more."""

    kind, code, title = Kind.CONFLICT, "too-many-endpoints", "There are too many endpoints."


class NothingToReplay(Refusal):
    """The room has not come that far yet: ``after`` is above its newest ``seq``."""

    kind, code, title = Kind.INVALID, "nothing-to-replay", "The room has not come that far."
