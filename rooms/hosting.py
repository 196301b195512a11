"""Whether somebody may host now: how far hosting is let out, followers, protection."""

from uuid import UUID

from django.conf import settings

from accounts import queries as accounts
from rooms.domain.eligibility import Eligibility
from rooms.domain.rollout import LIST, PERCENTAGE, Rollout, bucket_of, rollout_of
from spaces_project.kernel.ids import public


def eligibility_of(account_id: UUID) -> Eligibility:
    """Return why somebody may host, or why not, as it is now."""
    preset, rollout = settings.PRESET, host_rollout()
    return Eligibility(
        preset=preset.name,
        followers=accounts.follower_count(account_id),
        followers_needed=preset.followers_to_host,
        test_group=public("acc", account_id) in settings.TEST_GROUP,
        test_group_only=rollout.kind == LIST,
        protected=accounts.is_protected_now(account_id),
        rollout=rollout.kind,
        percentage=rollout.percentage,
        bucket=bucket_of(account_id) if rollout.kind == PERCENTAGE else None,
    )


def host_rollout() -> Rollout:
    """Return how far hosting is let out: as the operator says, else as the preset does."""
    wished: Rollout | None = settings.HOST_ROLLOUT
    return wished or rollout_of(settings.PRESET.host_rollout)
