"""Why a room, its host or its texts say no."""

from spaces_project.kernel.refusals import Kind, Refusal


class RoomNotFound(Refusal):
    """There is no such room, or none that you may see. Check the identifier."""

    kind, code, title = Kind.NOT_FOUND, "room-not-found", "There is no such room."


class RoomIsOver(Refusal):
    """The room has ended; what it recorded is final. Open a new one to go on talking."""

    kind, code, title = Kind.CONFLICT, "room-is-over", "The room has ended."


class RoomNotLive(Refusal):
    """The room has not started. Its host starts it; come back then."""

    kind, code, title = Kind.CONFLICT, "room-not-live", "The room is not live yet."


class AlreadyLive(Refusal):
    """The room has been started already; there is nothing left to do."""

    kind, code, title = Kind.CONFLICT, "already-live", "The room is live already."


class MayNotHost(Refusal):
    """You may not host now; each of ``reasons`` is one to mend.

    ``protected``: make your account public. ``not-in-rollout``: ask for a place in the test group,
    or wait until hosting is open to more people. ``too-few-followers``: it takes
    ``followers_needed``. ``GET accounts/me/hosting`` says beforehand how you stand.
    """

    kind, code, title = Kind.FORBIDDEN, "may-not-host", "You may not host a room yet."


class LeadersOnly(Refusal):
    """Only the host and the co-hosts may do this. Ask one of them."""

    kind, code, title = Kind.FORBIDDEN, "leaders-only", "Only host and co-hosts may do this."


class HostOnly(Refusal):
    """Only the host may do this. Ask the host."""

    kind, code, title = Kind.FORBIDDEN, "host-only", "Only the host may do this."


class HostStays(Refusal):
    """The host cannot be demoted, removed or blocked. The host's seat ends with the room."""

    kind, code, title = Kind.CONFLICT, "host-stays", "This cannot be done to the host."


class TicketedForever(Refusal):
    """A ticketed room is for its ticket holders, to its end. Open another room for others."""

    kind, code, title = Kind.CONFLICT, "ticketed-forever", "A ticketed room never widens."


class BadText(Refusal):
    """A text is too short, too long or holds control characters; ``limit`` gives the length."""

    kind, code, title = Kind.INVALID, "bad-text", "This text does not fit."


class TooManyTopics(Refusal):
    """A room has at most three topics, each named once."""

    kind, code, title = Kind.INVALID, "too-many-topics", "A room has at most three topics."


class TooManyPins(Refusal):
    """A room shows at most ``limit`` pins. Take one down first."""

    kind, code, title = Kind.CONFLICT, "too-many-pins", "There are too many pins already."


class PinNotFound(Refusal):
    """There is no such pin (any more). Look at the room's pins."""

    kind, code, title = Kind.NOT_FOUND, "pin-not-found", "There is no such pin."


class BadLink(Refusal):
    """A pinned link must be a web address, ``https://…``, of at most ``limit`` characters."""

    kind, code, title = Kind.INVALID, "bad-link", "This is no web address."
