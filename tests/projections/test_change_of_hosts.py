"""What follows by itself when another hosts: at once, and for nobody who is not there."""

from uuid import UUID

import pytest

from accounts import commands as accounts
from rooms import commands, queries
from rooms.domain.events import HostHandedOver
from rooms.policies import PutOutTheBlocked
from rooms.queries import log
from tests.projections.scenes import (
    catch_up,
    clock_ahead,
    give_seat,
    history,
    live_room,
    see,
    someone,
)

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def test_whom_a_host_who_is_away_appoints_too_late_takes_over() -> None:
    """Else the room would go on without a host: with a co-host it counts as not abandoned."""
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, ana, bo)
    give_seat(room, bo, by=ana)
    catch_up()  # a policy looks forward from when it is first asked
    commands.drop(room_id=room, account_id=ana)
    with clock_ahead(seconds=130):
        commands.succeed_host(room_id=room)
        commands.appoint_cohost(room_id=room, account_id=bo, by=ana)
        catch_up()

    assert queries.stage_now(room).host_id == bo


def test_a_hand_over_asks_only_about_the_blocked_who_are_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ana, bo, cy = someone("ana"), someone("bob"), someone("cyd")
    room = live_room(ana, ana, bo, cy)
    give_seat(room, bo, by=ana)
    for blocked in (cy, *(someone(f"elsewhere{number}") for number in range(3))):
        accounts.block(blocker_id=bo, blocked_id=blocked)
    catch_up()
    commands.hand_over(room_id=room, account_id=bo, by=ana)
    see()
    handed_over = next(r for r in history(room) if isinstance(r.event, HostHandedOver))
    asked: list[UUID] = []

    def takes_part(room_id: UUID, account_id: UUID) -> bool:
        asked.append(account_id)
        return log.takes_part(room_id, account_id)

    monkeypatch.setattr(queries, "takes_part", takes_part)
    PutOutTheBlocked().react(handed_over)

    assert cy not in queries.stage_now(room).present
    assert asked == [cy]
