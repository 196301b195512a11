"""When that happened there, ask this of rooms here; and of accounts what rooms decided."""

from contextlib import suppress

from accounts import commands as accounts
from accounts.events import Blocked
from rooms import commands, queries
from rooms.domain.errors import RoomIsOver
from rooms.domain.events import ParticipantBlocked
from spaces_project.kernel.following.read_model import Policy
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.refusals import Kind, Refusal


class BlockEverywhere(Policy):
    """A host who blocks somebody in a room blocks the person host-wide."""

    name = "rooms.block_everywhere"
    listen_to = (ParticipantBlocked,)

    def react(self, recorded: Recorded) -> None:
        """Block the account for the host."""
        happened = recorded.event
        assert isinstance(happened, ParticipantBlocked)
        if happened.by is None:
            return
        try:
            accounts.block(blocker_id=happened.by, blocked_id=happened.account_id)
        except Refusal as refusal:
            if refusal.kind is not Kind.NOT_FOUND:  # an account that is gone needs no block
                raise


class PutOutTheBlocked(Policy):
    """Somebody whom a host blocks leaves the host's open rooms."""

    name = "rooms.put_out_the_blocked"
    listen_to = (Blocked,)

    def react(self, recorded: Recorded) -> None:
        """Put the person out of each open room of the host where he or she is."""
        happened = recorded.event
        assert isinstance(happened, Blocked)
        for room_id in queries.open_rooms_hosted_by(happened.blocker_id):
            if queries.takes_part(room_id, happened.blocked_id):
                with suppress(RoomIsOver):
                    commands.block(
                        room_id=room_id, account_id=happened.blocked_id, by=happened.blocker_id
                    )
