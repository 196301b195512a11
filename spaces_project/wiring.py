"""Everything that runs, listed."""

from collections.abc import Callable, Sequence
from typing import Any

from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.following.read_model import Policy, ReadModel
from spaces_project.kernel.following.watch import Watch
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.webhooks.feed import Feed
from spaces_project.kernel.webhooks.sources import Source, together


def read_models() -> list[ReadModel]:
    """Return every projection's read model."""
    from accounts.projections.people import People  # noqa: PLC0415 - tables need the registry
    from rooms.projections.directory import Directory  # noqa: PLC0415
    from rooms.projections.discovery import Discovery  # noqa: PLC0415

    return [People(), Directory(), Discovery()]


def policies() -> list[Policy]:
    """Return every policy."""
    from rooms.policies import (  # noqa: PLC0415
        BlockEverywhere,
        LetBackTheUnblocked,
        LetCohostSucceed,
        PutOutTheBlocked,
    )
    from rooms.timers import SetTimers  # noqa: PLC0415

    return [
        BlockEverywhere(),
        PutOutTheBlocked(),
        LetBackTheUnblocked(),
        LetCohostSucceed(),
        SetTimers(),
    ]


def watches() -> list[Watch]:
    """Return whatever looks after something now and then."""
    from rooms import commands  # noqa: PLC0415
    from rooms.presence.reaper import PresenceReaper  # noqa: PLC0415
    from rooms.timers import WatchDeadlines, WatchEmptyRooms  # noqa: PLC0415

    return [PresenceReaper(commands.drop), WatchEmptyRooms(), WatchDeadlines()]


def webhook_sources() -> list[Source]:
    """Return what each app tells other servers."""
    from rooms.webhooks import WEBHOOKS  # noqa: PLC0415

    return [WEBHOOKS]


def feeds() -> list[ReadModel]:
    """Return what follows the log like a read model, but is none: nobody rebuilds it."""
    return [Feed(together(webhook_sources()))]


def jobs() -> dict[str, Callable[..., None]]:
    """Return every task that may be scheduled, by the name that stands in the jobs' table."""
    from rooms import timers  # noqa: PLC0415

    return {**timers.jobs()}


def policy_table_page() -> str:
    """Return docs/policy-table.md."""
    from spaces_project.policy.document import policy_page  # noqa: PLC0415

    return policy_page()


def announced(happened: DomainEvent) -> dict[str, dict[str, Any]]:
    """Return what is told of an event, by audience; nothing, if it stays inside."""
    from rooms.announcements import TYPES, announce  # noqa: PLC0415

    if type(happened) not in TYPES:
        return {}
    told = announce(Recorded(position=1, room_id=happened.originator_id, seq=1, event=happened), {})
    if told.public == told.full:
        return {"to all": told.full}
    return {"to leaders and the person concerned": told.full, "to others": told.public}


def story(events: Sequence[Recorded]) -> list[tuple[Recorded, str]]:
    """Return events with a sentence for each; those of which nobody tells are left out."""
    from rooms import story as of_rooms  # noqa: PLC0415

    return of_rooms.story(events)
