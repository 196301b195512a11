"""Who hosts: co-hosts, the hand-over, and the succession when the host is gone."""

from datetime import datetime
from typing import Final
from uuid import UUID

from rooms.domain.errors import AlreadyCohost, AlreadyHost, NotCohost, TooManyCohosts
from rooms.domain.events import CohostAppointed, CohostDismissed, HostHandedOver
from rooms.domain.room.core import RoomCore
from rooms.domain.words import Role
from spaces_project.kernel.entity import when

HANDED_OVER: Final = "handed_over"
HOST_DROPPED: Final = "host_dropped"


class Hosting(RoomCore):
    """One host, and co-hosts in the order of their appointment."""

    def appoint_cohost(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Make a speaker a co-host."""
        self.must_be_live()
        self._must_host(by)
        self._seat(account_id)
        if account_id == self.host_id:
            raise AlreadyHost
        if account_id in self.cohosts:
            raise AlreadyCohost
        if not self._has_place_for_cohost():
            raise TooManyCohosts(limit=self.seat_policy.most_cohosts)
        self.record(CohostAppointed, by=by, at=at, account_id=account_id)

    def dismiss_cohost(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Make a co-host a speaker again."""
        self.must_be_live()
        self._must_host(by)
        if account_id not in self.cohosts:
            raise NotCohost
        self.record(CohostDismissed, by=by, at=at, account_id=account_id)

    def hand_over(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Let somebody else on stage host; the former host stays, as a co-host if one may be."""
        self.must_be_live()
        self._must_host(by)
        self._seat(account_id)
        if account_id == self.host_id:
            raise AlreadyHost
        self._hand_over(account_id, HANDED_OVER, by, at)
        if self._has_place_for_cohost():
            self.record(CohostAppointed, by=by, at=at, account_id=by)

    def succeed_host(self, account_id: UUID, at: datetime) -> None:
        """Let a co-host take the place of the host, whose seat is given up."""
        self.must_be_live()
        if account_id not in self.cohosts:
            raise NotCohost
        self._hand_over(account_id, HOST_DROPPED, None, at)

    def _hand_over(self, account_id: UUID, cause: str, by: UUID | None, at: datetime) -> None:
        self.record(
            HostHandedOver,
            by=by,
            at=at,
            account_id=account_id,
            former_host_id=self.host_id,
            cause=cause,
        )

    def _has_place_for_cohost(self) -> bool:
        return len(self.cohosts) < self.seat_policy.most_cohosts

    # No rules below this line, only consequences: they run again on every replay.

    @when(CohostAppointed)
    def _cohost_appointed(self, event: CohostAppointed) -> None:
        self._give_role(event.account_id, Role.COHOST)
        self.cohosts.append(event.account_id)

    @when(CohostDismissed)
    def _cohost_dismissed(self, event: CohostDismissed) -> None:
        self._give_role(event.account_id, Role.SPEAKER)
        self.cohosts.remove(event.account_id)

    @when(HostHandedOver)
    def _host_handed_over(self, event: HostHandedOver) -> None:
        if event.cause == HOST_DROPPED:
            self._leave_seat(event.former_host_id)
        else:
            self._give_role(event.former_host_id, Role.SPEAKER)
        self._is_no_cohost(event.account_id)
        self._give_role(event.account_id, Role.HOST)
        self.host_id = event.account_id
