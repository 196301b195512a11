"""The door of a room: who may come in, who may ask to speak, whom the host has told."""

from datetime import datetime
from uuid import UUID

from rooms.domain.admission import Pass, refusal_to_admit
from rooms.domain.errors import (
    AlreadyOnStage,
    FollowersInvitedAlready,
    MayNotAsk,
    RoomIsPrivate,
    TicketedForever,
)
from rooms.domain.events import FollowersInvited, PoliciesChanged
from rooms.domain.room.core import RoomCore
from rooms.domain.words import AudiencePolicy, SpeakPolicy
from spaces_project.kernel.entity import when


class Door(RoomCore):
    """The policies, which may change while the room is scheduled or live.

    Whoever is inside when the audience narrows stays until he or she leaves.
    """

    def change_policies(
        self,
        audience_policy: AudiencePolicy | None,
        speak_policy: SpeakPolicy | None,
        by: UUID,
        at: datetime,
    ) -> None:
        """Change who may listen or ask; what is not given stays."""
        self.must_be_hosted_by(by)
        audience, speak = audience_policy or self.audience_policy, speak_policy or self.speak_policy
        if (audience, speak) == (self.audience_policy, self.speak_policy):
            return
        if self.audience_policy is AudiencePolicy.TICKET and audience is not AudiencePolicy.TICKET:
            raise TicketedForever
        self.record(PoliciesChanged, by=by, at=at, audience_policy=audience, speak_policy=speak)

    def invite_followers(self, by: UUID, at: datetime) -> None:
        """Tell all followers of the room, once."""
        self.must_be_hosted_by(by)
        if self.audience_policy is AudiencePolicy.INVITED:
            raise RoomIsPrivate
        if self.followers_invited:
            raise FollowersInvitedAlready
        self.record(FollowersInvited, by=by, at=at)

    def must_admit(self, account_id: UUID, *, follows_host: bool, shown: Pass = Pass.NONE) -> None:
        """Refuse whoever may not come in.

        :param shown: what else than the policy may let the person in.
        """
        self.must_not_be_over()
        if account_id == self.host_id:
            return
        self.must_be_live()
        if account_id in self.seats:  # a seat is kept for him or her
            return
        refusal = refusal_to_admit(self.audience_policy, follows_host=follows_host, shown=shown)
        if refusal is not None:
            raise refusal

    def must_let_ask(self, account_id: UUID, *, followed_by_host: bool) -> None:
        """Refuse whoever may not ask for a seat."""
        self.must_be_live()
        if account_id in self.seats:
            raise AlreadyOnStage
        closed = self.speak_policy is SpeakPolicy.INVITED
        if closed or (self.speak_policy is SpeakPolicy.FOLLOWED_BY_HOST and not followed_by_host):
            raise MayNotAsk(speak_policy=self.speak_policy.value)

    # No rules below this line, only consequences: they run again on every replay.

    @when(PoliciesChanged)
    def _policies_changed(self, event: PoliciesChanged) -> None:
        self.audience_policy = event.audience_policy
        self.speak_policy = event.speak_policy
        self.updated_at = event.at

    @when(FollowersInvited)
    def _followers_invited(self, event: FollowersInvited) -> None:
        del event
        self.followers_invited = True
