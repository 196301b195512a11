"""Every reason why a room says no."""

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


class StageIsFull(Refusal):
    """Every seat on the stage is taken. Move somebody to the audience first."""

    kind, code, title = Kind.CONFLICT, "stage-is-full", "The stage is full."


class AlreadyOnStage(Refusal):
    """This person has a seat on the stage already."""

    kind, code, title = Kind.CONFLICT, "already-on-stage", "Already on stage."


class NotOnStage(Refusal):
    """This person has no seat on the stage. Bring him or her onto it first."""

    kind, code, title = Kind.CONFLICT, "not-on-stage", "Not on stage."


class NotInRoom(Refusal):
    """This person is not in the room. Join first, or wait until he or she is back."""

    kind, code, title = Kind.CONFLICT, "not-in-room", "Not in the room."


class OnlyYourself(Refusal):
    """Nobody may open somebody else's microphone. Its owner unmutes."""

    kind, code, title = Kind.FORBIDDEN, "only-yourself", "Only its owner opens a microphone."


class HandIsUp(Refusal):
    """Your hand is up already; your place in line is kept."""

    kind, code, title = Kind.CONFLICT, "hand-is-up", "The hand is up already."


class HandIsDown(Refusal):
    """There is no raised hand to lower."""

    kind, code, title = Kind.CONFLICT, "hand-is-down", "The hand is not raised."


class HandCoolingDown(Refusal):
    """You asked a moment ago. Raise your hand again after ``retry_after_s`` seconds."""

    kind, code, title = Kind.TOO_MANY, "hand-cooling-down", "You asked a moment ago."


class MayNotAsk(Refusal):
    """The host decides who speaks here: the speak policy does not let you ask."""

    kind, code, title = Kind.FORBIDDEN, "may-not-ask", "You may not ask to speak here."


class FollowersOnly(Refusal):
    """This room is for the host's followers. Follow the host to come in."""

    kind, code, title = Kind.FORBIDDEN, "followers-only", "This room is for the host's followers."


class RemovedFromRoom(Refusal):
    """You were removed from this room and may not come back to it."""

    kind, code, title = Kind.FORBIDDEN, "removed-from-room", "You were removed from this room."


class BadText(Refusal):
    """A text is too short, too long or holds control characters; ``limit`` gives the length."""

    kind, code, title = Kind.INVALID, "bad-text", "This text does not fit."


class TooManyTopics(Refusal):
    """A room has at most three topics, each named once."""

    kind, code, title = Kind.INVALID, "too-many-topics", "A room has at most three topics."
