"""Why somebody may not come in, or is not invited."""

from spaces_project.kernel.refusals import Kind, Refusal


class NotInRoom(Refusal):
    """This person is not in the room. Join first, or wait until he or she is back."""

    kind, code, title = Kind.CONFLICT, "not-in-room", "Not in the room."


class FollowersOnly(Refusal):
    """This room is for the host's followers. Follow the host to come in."""

    kind, code, title = Kind.FORBIDDEN, "followers-only", "This room is for the host's followers."


class InvitedOnly(Refusal):
    """This is a private room. Ask its host for an invitation."""

    kind, code, title = Kind.FORBIDDEN, "invited-only", "This room is for invited people."


class TicketsOnly(Refusal):
    """This room is for ticket holders. Get a ticket to come in."""

    kind, code, title = Kind.FORBIDDEN, "tickets-only", "This room is for ticket holders."


class RoomIsFull(Refusal):
    """As many listen as this server takes into one room. Try again when somebody has left."""

    kind, code, title = Kind.CONFLICT, "room-is-full", "The room is full."


class RemovedFromRoom(Refusal):
    """You were removed from this room and may not come back to it."""

    kind, code, title = Kind.FORBIDDEN, "removed-from-room", "You were removed from this room."


class PersonIsOut(Refusal):
    """This person was removed from the room, or is blocked by its host, who lifts that first."""

    kind, code, title = Kind.CONFLICT, "person-is-out", "This person may not come in."


class OnlyOthers(Refusal):
    """Nobody puts themselves out of a room. Leave it instead: one may come back then."""

    kind, code, title = Kind.CONFLICT, "only-others", "This works only with somebody else."


class NotRemoved(Refusal):
    """This person was not removed from the room; there is nothing to lift."""

    kind, code, title = Kind.CONFLICT, "not-removed", "Not removed from this room."


class NotInvited(Refusal):
    """There is no open invitation, for instance because it was taken back. Ask for a new one."""

    kind, code, title = Kind.CONFLICT, "not-invited", "There is no open invitation."


class InvitationIsOver(Refusal):
    """Nobody answered this invitation to speak in time. Raise your hand, or ask for a new one."""

    kind, code, title = Kind.CONFLICT, "invitation-is-over", "The invitation has expired."


class TooManyInvited(Refusal):
    """At most ``limit`` people are invited in one call. Invite the others in another."""

    kind, code, title = Kind.INVALID, "too-many-invited", "Too many people in one call."


class FollowersInvitedAlready(Refusal):
    """The followers were told of this room already, and are told once. Invite chosen people."""

    kind, code, title = (
        Kind.CONFLICT,
        "followers-invited-already",
        "The followers are invited already.",
    )


class RoomIsPrivate(Refusal):
    """Followers cannot come into a private room. Invite chosen people, or change the policy."""

    kind, code, title = Kind.CONFLICT, "room-is-private", "This room is for chosen people."
