"""Why there is no seat, no open microphone and no raised hand."""

from spaces_project.kernel.refusals import Kind, Refusal


class StageIsFull(Refusal):
    """Every seat on the stage is taken. Move somebody to the audience first."""

    kind, code, title = Kind.CONFLICT, "stage-is-full", "The stage is full."


class AlreadyOnStage(Refusal):
    """This person has a seat on the stage already."""

    kind, code, title = Kind.CONFLICT, "already-on-stage", "Already on stage."


class NotOnStage(Refusal):
    """This person has no seat on the stage. Bring him or her onto it first."""

    kind, code, title = Kind.CONFLICT, "not-on-stage", "Not on stage."


class OnlyYourself(Refusal):
    """Nobody may open somebody else's microphone. Its owner unmutes."""

    kind, code, title = Kind.FORBIDDEN, "only-yourself", "Only its owner opens a microphone."


class AlreadyCohost(Refusal):
    """This person is a co-host already; there is nothing left to do."""

    kind, code, title = Kind.CONFLICT, "already-cohost", "Already a co-host."


class NotCohost(Refusal):
    """This person is no co-host. Look at the stage for who is."""

    kind, code, title = Kind.CONFLICT, "not-cohost", "Not a co-host."


class TooManyCohosts(Refusal):
    """A room has at most ``limit`` co-hosts. Dismiss one first."""

    kind, code, title = Kind.CONFLICT, "too-many-cohosts", "There are too many co-hosts already."


class AlreadyHost(Refusal):
    """This person hosts the room already; there is nothing left to do."""

    kind, code, title = Kind.CONFLICT, "already-host", "Already the host."


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
