"""Rooms that each break one rule, for the test that must find them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rooms.domain.admission import Pass
from rooms.domain.events import (
    CohostAppointed,
    HandRaised,
    HostHandedOver,
    Left,
    ParticipantUnblocked,
    Returned,
    Seated,
    SpeakerPromoted,
    SpeakerUnmuted,
)
from rooms.domain.participation import Participation
from rooms.domain.room import Room
from rooms.domain.words import Role
from spaces_project.kernel.entity import when


class Crowded(Room):
    """A room that does not count its seats."""

    def _give_seat(self, account_id: UUID, by: UUID, at: datetime) -> None:
        self.record(SpeakerPromoted, by=by, at=at, account_id=account_id)


class Eavesdropping(Room):
    """A room whose host opens others' microphones."""

    def unmute(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Open anyone's microphone."""
        self.must_be_live()
        if account_id in self.seats:
            self.record(SpeakerUnmuted, by=by, at=at, account_id=account_id)


class Undead(Room):
    """A room that goes on after its end."""

    def _must_host(self, account_id: UUID) -> None:
        del account_id

    def must_not_be_over(self) -> None:
        """Let everything pass."""


class TwoHeaded(Room):
    """A room in which the former host hosts on beside the new one."""

    @when(HostHandedOver)
    def _host_handed_over(self, event: HostHandedOver) -> None:
        self._is_no_cohost(event.account_id)
        self._give_role(event.account_id, Role.HOST)
        self.host_id = event.account_id


class Unfair(Room):
    """A room whose newest co-host succeeds, not the first."""

    @when(CohostAppointed)
    def _cohost_appointed(self, event: CohostAppointed) -> None:
        self._give_role(event.account_id, Role.COHOST)
        self.cohosts = [event.account_id, *self.cohosts]


class Mutinous(Room):
    """A room whose co-hosts put each other out."""

    def must_be_below(self, account_id: UUID, by: UUID) -> None:
        """Spare the host only."""
        del by
        self.must_not_host(account_id)


class Forgiving(Participation):
    """A person who comes back after a removal."""

    def must_be_welcome(self) -> None:
        """Let everybody pass."""


class Impatient(Participation):
    """A hand that needs no rest."""

    def raise_hand(self, at: datetime) -> None:
        """Ask at once again."""
        self.must_be_present()
        self.record(HandRaised, by=self.account_id, at=at, account_id=self.account_id)


class Cheating(Participation):
    """A hand that rests only when it is lowered, so that leaving is the cheaper way."""

    @when(Left)
    def _left(self, event: Left) -> None:
        del event
        self._out()


class Grudging(Participation):
    """A person who stays blocked whatever the host says."""

    @when(ParticipantUnblocked)
    def _unblocked(self, event: ParticipantUnblocked) -> None:
        del event


class Greedy(Participation):
    """A person who sits on stage with a raised hand."""

    @when(Seated)
    def _seated(self, event: Seated) -> None:
        del event
        self.seated = True


class Forgetful(Participation):
    """A decision that changes the state beside its event, so that a replay differs."""

    def join(self, at: datetime) -> None:
        """Come in, and keep a secret."""
        super().join(at)
        self.may_ask_from = at


class Haunting(Participation):
    """A seat that goes on being kept for somebody who is back in it."""

    @when(Returned)
    def _returned(self, event: Returned) -> None:
        del event
        self.present = True


class Belated(Participation):
    """An offer of a seat that is good for ever."""

    def _must_be_asked_in_time(self, at: datetime) -> None:
        super()._must_be_asked_in_time(datetime.min.replace(tzinfo=at.tzinfo))


class Bribed(Participation):
    """A person who always shows a ticket."""

    def pass_at(self, at: datetime) -> Pass:
        """Show one."""
        return super().pass_at(at) | Pass.GUEST


RAISE, JOIN = ("raise_hand", "the same"), ("join", "the same")
# Each with the way to where it shows.
BROKEN: dict[type[Any], list[tuple[str, str]]] = {
    Crowded: [JOIN, ("promote", "host")],
    Eavesdropping: [("unmute", "host")],
    Undead: [("end", "host"), JOIN],
    TwoHeaded: [("promote", "host"), ("hand_over", "host")],
    Unfair: [("promote", "host"), ("appoint", "host")],
    Mutinous: [("promote", "host"), ("appoint", "host"), ("demote", "cohost")],
    Forgiving: [("remove", "host"), JOIN],
    Impatient: [RAISE, ("lower_hand", "host")],
    Cheating: [RAISE, ("leave", "the same"), JOIN],
    Grudging: [("block", "host"), ("unblock", "host"), JOIN],
    Greedy: [JOIN, RAISE, ("promote", "host")],
    Forgetful: [("leave", "the same"), JOIN],
    Haunting: [("promote", "host"), ("drop", "the same"), JOIN],
    Belated: [("invite_to_speak", "host"), ("accept_invitation", "the same")],
    Bribed: [("audience_invited", "host"), ("leave", "the same"), JOIN],
}
