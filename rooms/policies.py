"""When that happened there, ask this of rooms here; and of accounts what rooms decided."""

from contextlib import suppress
from typing import Final
from uuid import UUID

from accounts import commands as accounts
from accounts import queries as people
from accounts.events import Blocked, Unblocked
from rooms import commands, queries
from rooms.domain.errors import HostOnly, RoomIsOver, RoomNotFound
from rooms.domain.events import (
    CohostAppointed,
    HostHandedOver,
    Joined,
    ParticipantBlocked,
    ParticipantUnblocked,
    Returned,
)
from spaces_project.kernel.following.read_model import Policy
from spaces_project.kernel.following.waiting import wait_until_projected
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.refusals import Kind, Refusal

# The room has ended, or somebody else hosts it by now: that host's blocks are what counts.
NOT_THE_HOSTS_ANY_MORE: Final = (RoomIsOver, HostOnly, RoomNotFound)


class BlockEverywhere(Policy):
    """A host who blocks or unblocks somebody in a room does so host-wide, in the same order."""

    name = "rooms.block_everywhere"
    listen_to = (ParticipantBlocked, ParticipantUnblocked)
    from_the_beginning = True

    def react(self, recorded: Recorded) -> None:
        """Block or unblock the account for the host."""
        happened = recorded.event
        assert isinstance(happened, ParticipantBlocked | ParticipantUnblocked)
        if happened.by is None or happened.carried_over:
            return
        blocks = isinstance(happened, ParticipantBlocked)
        command = accounts.block if blocks else accounts.unblock
        try:
            command(blocker_id=happened.by, blocked_id=happened.account_id)
        except Refusal as refusal:
            if refusal.kind is not Kind.NOT_FOUND:  # an account that is gone needs no block
                raise


class PutOutTheBlocked(Policy):
    """Somebody whom a host blocks leaves the host's open rooms, also when coming in just then.

    After a hand-over the blocks of the new host count. Whoever was put out under the former host
    stays out until the new one unblocks him or her there.
    """

    name = "rooms.put_out_the_blocked"
    listen_to = (Blocked, Joined, HostHandedOver)
    from_the_beginning = True

    def react(self, recorded: Recorded) -> None:
        """Put the person out of each open room of the host where he or she is.

        What the views say must be at least as new as the event: the join may have been decided
        without the block, the room may be new, and the block may be lifted by now.
        """
        wait_until_projected(queries.READ_MODELS, recorded.position)
        match recorded.event:
            case Blocked(blocker_id=host_id, blocked_id=account_id):
                self._put_out(queries.open_rooms_hosted_by(host_id), account_id, host_id)
            case Joined(account_id=account_id) if recorded.room_id is not None:
                self._put_out([recorded.room_id], account_id, queries.host_of(recorded.room_id))
            case HostHandedOver(account_id=host_id) if recorded.room_id is not None:
                inside = queries.whoever_takes_part(recorded.room_id)
                blocked = people.blocked_by(host_id).filter(blocked_id__in=inside)
                for account_id in blocked.values_list("blocked_id", flat=True):
                    self._put_out([recorded.room_id], account_id, host_id)

    def _put_out(self, rooms: list[UUID], account_id: UUID, host_id: UUID | None) -> None:
        if host_id is None or not people.has_blocked(host_id, account_id):
            return
        for room_id in rooms:
            if queries.takes_part(room_id, account_id):
                with suppress(*NOT_THE_HOSTS_ANY_MORE):
                    _carry_over(room_id, account_id, host_id)


class LetBackTheUnblocked(Policy):
    """Somebody whom a host unblocks may come into the host's open rooms again."""

    name = "rooms.let_back_the_unblocked"
    listen_to = (Unblocked,)
    from_the_beginning = True

    def react(self, recorded: Recorded) -> None:
        """Take the block back in each open room of the host, a new one too, if it stays lifted."""
        happened = recorded.event
        assert isinstance(happened, Unblocked)
        wait_until_projected(queries.READ_MODELS, recorded.position)
        if people.has_blocked_now(happened.blocker_id, happened.blocked_id):
            return
        for room_id in queries.open_rooms_hosted_by(happened.blocker_id):
            with suppress(*NOT_THE_HOSTS_ANY_MORE):
                commands.unblock(
                    room_id=room_id,
                    account_id=happened.blocked_id,
                    by=happened.blocker_id,
                    carried_over=True,
                )


class LetCohostSucceed(Policy):
    """A co-host who comes back takes over, if the host's time to come back is over by then.

    So does one whom the host, who is away, appoints by a request after that time.
    """

    name = "rooms.let_cohost_succeed"
    listen_to = (Returned, CohostAppointed)

    def react(self, recorded: Recorded) -> None:
        """Ask again what the timer asked when nobody was there to take over."""
        if recorded.room_id is not None:
            commands.succeed_host(room_id=recorded.room_id)


def _carry_over(room_id: UUID, account_id: UUID, host_id: UUID) -> None:
    commands.block(room_id=room_id, account_id=account_id, by=host_id, carried_over=True)
    # Lifted since the views were asked: who lets back may have been here before this block was.
    if not people.has_blocked_now(host_id, account_id):
        commands.unblock(room_id=room_id, account_id=account_id, by=host_id, carried_over=True)
