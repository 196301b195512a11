"""Coming, going, dropping out and coming back; the seat that goes or is kept."""

from datetime import datetime, timedelta
from uuid import UUID

from rooms.domain.due import is_due
from rooms.domain.events import Dropped, Joined, Left, Returned, Seated, Unseated
from rooms.domain.participation.going import Going
from rooms.domain.rests import rests_until
from rooms.domain.rules import DEFAULTS, Rules
from spaces_project.kernel.entity import when


class Presence(Going):
    """Whether somebody is inside, and whether on stage."""

    def join(self, at: datetime) -> None:
        """Come in, or back into a seat that was kept; coming in twice changes nothing.

        A seat that nobody has given up yet is still one's own, also a moment after its time.
        """
        self.must_be_welcome()
        if not self.present:
            self._record(Returned if self.seat_kept_until else Joined, self.account_id, at)

    def leave(self, at: datetime, rules: Rules = DEFAULTS, *, by_itself: bool = False) -> None:
        """Go away; a hand goes down with it.

        :param by_itself: the connection was lost; nobody wished it.
        """
        self._go(None if by_itself else self.account_id, at, rules)

    def drop(self, kept_until: datetime, by: UUID | None, at: datetime) -> None:
        """Be away while the seat is kept; dropping out twice changes nothing."""
        if self.present:
            self._record(Dropped, by, at, seat_kept_until=kept_until)

    def take_seat(self, by: UUID, at: datetime) -> None:
        """Move to the stage; an offer of a seat needs no answer any more."""
        self.must_be_present()
        self._end_speak_invitation(by, at)
        self._record(Seated, by, at)

    def keep_seat(self, by: UUID, at: datetime, rules: Rules = DEFAULTS) -> None:
        """Stay on stage as one who is not the host any more; if not there, then for a while.

        A host's seat waits before the host has come at all. Anybody else's does not.
        """
        if not self.seated:
            self._record(Seated, by, at)
        if not self.present and self.seat_kept_until is None:
            kept_until = at + timedelta(seconds=rules.speaker_seat_kept_s)
            self._record(Dropped, by, at, seat_kept_until=kept_until)

    def give_seat_back(self, by: UUID | None, at: datetime) -> None:
        """Move to the audience."""
        if self.seated:
            self._record(Unseated, by, at)

    def is_seat_due(self, at: datetime) -> bool:
        """Tell whether the person is away, and the seat was kept long enough."""
        return self.seat_kept_until is not None and is_due(self.seat_kept_until, at)

    def lose_seat(self, at: datetime) -> None:
        """Lose a seat that was kept long enough."""
        self._record(Unseated, None, at)

    # No rules below this line, only consequences: they run again on every replay.

    @when(Joined)
    def _joined(self, event: Joined) -> None:
        del event
        self.present = True

    @when(Returned)
    def _returned(self, event: Returned) -> None:
        del event
        self.present = True
        self._nothing_is_kept()

    @when(Left)
    def _left(self, event: Left) -> None:
        if self.hand_raised_at is not None:  # going away withdraws the hand, at the same price
            self.may_ask_from = rests_until(event)
        self._out()

    @when(Dropped)
    def _dropped(self, event: Dropped) -> None:
        self.present = False
        self.hand_raised_at = None
        self.seat_kept_until = event.seat_kept_until
        self.dropped_at = event.at

    @when(Seated)
    def _seated(self, event: Seated) -> None:
        del event
        self.seated = True
        self.hand_raised_at = None

    @when(Unseated)
    def _unseated(self, event: Unseated) -> None:
        del event
        self.seated = False
        self._nothing_is_kept()
