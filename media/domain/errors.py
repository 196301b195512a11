"""Every reason why media says no; the docstrings are pages under ``/problems/``."""

from spaces_project.kernel.refusals import Kind, Refusal


class NoSoundYet(Refusal):
    """Sound flows only while the room is live. Wait until its host starts it."""

    kind, code, title = Kind.CONFLICT, "no-sound-yet", "The room is not live."


class SeatNeeded(Refusal):
    """Only who has a seat on the stage may publish. Raise a hand first."""

    kind, code, title = Kind.FORBIDDEN, "seat-needed", "Only people on stage can speak."


class MayNotListen(Refusal):
    """This room is not open to you: it is over, or you were removed, or never let in."""

    kind, code, title = Kind.FORBIDDEN, "may-not-listen", "You cannot listen to this room."


class OfferIsTooLarge(Refusal):
    """The SDP offer is longer than any client needs. Offer one audio stream, with Opus."""

    kind, code, title = Kind.INVALID, "offer-is-too-large", "The offer is larger than 32 KiB."


class OfferIsMalformed(Refusal):
    """The SDP offer cannot be read, or is not for one Opus stream; ``detail`` says which."""

    kind, code, title = Kind.INVALID, "offer-is-malformed", "The offer cannot be used."


class FragmentIsMalformed(Refusal):
    """The trickle-ICE fragment (RFC 8840) cannot be read; ``detail`` says why."""

    kind, code, title = Kind.INVALID, "fragment-is-malformed", "The SDP fragment cannot be used."


class TooManyOffers(Refusal):
    """You open sessions faster than a person does. Wait as long as ``Retry-After`` says."""

    kind, code, title = Kind.TOO_MANY, "too-many-offers", "Too many offers; wait a little."


class NoSuchSession(Refusal):
    """There is no such session, or it is somebody else's. Open one with WHIP or WHEP."""

    kind, code, title = Kind.NOT_FOUND, "session-not-found", "There is no such session."


class NoSuchSegment(Refusal):
    """There is no such piece of the stream, not yet or no more. Read ``live.m3u8`` again."""

    kind, code, title = Kind.NOT_FOUND, "segment-not-found", "There is no such segment."


class NodeIsStopping(Refusal):
    """This node takes no new sessions any more. Try again in a moment; another one will."""

    kind, code, title = Kind.UNAVAILABLE, "node-is-stopping", "The media node is stopping."
