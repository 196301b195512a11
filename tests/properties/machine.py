"""Several people press every button in any order."""

from contextlib import suppress
from datetime import timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rooms.domain.events import RoomEnded, SpeakerUnmuted
from rooms.domain.words import AudiencePolicy, RoomState, SeatPolicy, SpeakPolicy
from spaces_project.kernel.refusals import Refusal
from tests.domain.scenes import ANA, BO, CY, ENOUGH, NOON, person
from tests.properties.buttons import BUTTONS, World
from tests.properties.reference import Reference

DI = person(0)
PEOPLE = [ANA, BO, CY, DI]
FOLLOWS = {(BO, ANA), (ANA, CY), (CY, ANA)}
SEATS = SeatPolicy(stage_size=3, most_cohosts=0)
somebody = st.sampled_from(PEOPLE)
# Mostly whoever may: a leader, or the person concerned.
asker = st.sampled_from(["host", "host", "host", "the same", "the same", "anybody"])
# A seat, and coming back after a block, are the ends of longer stories than others.
OFTEN = ["raise_hand", "promote", "unblock"] * 3
FINAL = {"end", "remove"}  # mostly refused, else all runs would be over soon


class AnyOrder(RuleBasedStateMachine):
    """The room, its people and the stage agree with the reference, whatever happens."""

    world_type: ClassVar[type[World]] = World
    steps: ClassVar[int] = 0
    agreed: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.world = self.world_type(PEOPLE, FOLLOWS)
        self.reference = Reference(ANA, SEATS.stage_size, FOLLOWS)
        self.time = NOON
        self.world.room.create(
            title="Tea",
            description="",
            topic_ids=[],
            audience_policy=AudiencePolicy.PUBLIC,
            speak_policy=SpeakPolicy.EVERYONE,
            seat_policy=SEATS,
            eligibility=ENOUGH,
            by=ANA,
            at=NOON,
        )
        self.world.keep(self.world.room)

    @initialize(
        started=st.sampled_from([True, True, True, False]), away=st.sets(somebody, max_size=1)
    )
    def some_are_there(self, started: bool, away: set[object]) -> None:
        if started:
            self._press("start", ANA, ANA)
            for guest in PEOPLE:
                if guest not in away:
                    self._press("join", guest, guest)

    @rule(
        button=st.sampled_from(BUTTONS + OFTEN),
        who=somebody,
        asks=asker,
        anybody=somebody,
        seconds=st.sampled_from([0, 1, 30, 60, 300]),
    )
    def press(self, button: str, who: object, asks: str, anybody: object, seconds: int) -> None:
        if button == "unblock" and self.reference.blocked:
            who = min(self.reference.blocked)
        by = {"host": ANA, "the same": who, "anybody": anybody}[asks]
        if button in FINAL:
            by = anybody
        self.time += timedelta(seconds=seconds)
        self._press(button, who, by)
        type(self).steps += 1

    def _press(self, button: str, who: object, by: object) -> None:
        yes = False
        with suppress(Refusal):
            self.world.press(button, who, by, self.time)  # type: ignore[arg-type]
            yes = True
        wanted = self.reference.press(button, who, by, self.time)  # type: ignore[arg-type]
        assert yes == wanted, f"{button} is answered {yes}, the rules say {wanted}"
        type(self).agreed += yes

    @invariant()
    def there_are_never_more_on_stage_than_the_seat_policy_allows(self) -> None:
        assert len(self.world.room.seats) <= SEATS.stage_size

    @invariant()
    def the_host_has_a_seat_as_long_as_the_room_is_not_over(self) -> None:
        room = self.world.room
        assert (ANA in room.seats) == (room.state is not RoomState.ENDED)

    @invariant()
    def a_seat_is_opened_only_by_the_one_who_sits_there(self) -> None:
        for happened in self.world.log:
            assert not isinstance(happened, SpeakerUnmuted) or happened.by == happened.account_id

    @invariant()
    def a_room_that_has_ended_records_nothing_more(self) -> None:
        assert not any(isinstance(happened, RoomEnded) for happened in self.world.log[:-1])

    @invariant()
    def nobody_both_sits_on_stage_and_waits_with_a_raised_hand(self) -> None:
        room = self.world.room
        for who, part in self.world.parts.items():
            assert not (part.hand_raised_at and (part.seated or who in room.seats))
        assert not set(self.world.stage.hands) & set(self.world.stage.seats)

    @invariant()
    def nobody_who_was_removed_or_blocked_comes_back(self) -> None:
        for who, part in self.world.parts.items():
            is_out = part.removed or part.blocked
            assert is_out == self.world.stage.is_put_out(who)
            assert is_out == (who in self.reference.out)
            assert not (is_out and (part.present or part.seated or who in self.world.room.seats))

    @invariant()
    def whoever_is_away_has_neither_a_hand_up_nor_unless_it_is_the_host_a_seat(self) -> None:
        for who, part in self.world.parts.items():
            if not part.present:
                assert part.hand_raised_at is None
                assert not part.seated
                assert who == ANA or who not in self.world.room.seats

    @invariant()
    def a_hand_rests_as_long_as_the_reference_says(self) -> None:
        for who, part in self.world.parts.items():
            assert part.may_ask_from == self.reference.rests_until.get(who)

    @invariant()
    def the_room_is_what_the_reference_says(self) -> None:
        room, wanted = self.world.room, self.reference
        assert room.state == wanted.state
        assert list(room.seats) == wanted.stage
        assert (room.audience_policy is AudiencePolicy.PUBLIC) == wanted.doors_open
        for who, seat in room.seats.items():
            assert seat.muted == (who not in wanted.open_microphones)
            assert seat.muted_by == (wanted.closed_by[who] if seat.muted else None)

    @invariant()
    def the_stage_is_what_the_reference_says(self) -> None:
        stage, wanted = self.world.stage, self.reference
        assert stage.state == wanted.state
        assert (list(stage.seats), list(stage.hands)) == (wanted.stage, wanted.line)
        assert list(stage.present) == wanted.inside
        assert (stage.removed, stage.blocked) == (wanted.removed, wanted.blocked)
        assert stage.seats == self.world.room.seats
        heard = {who for who in PEOPLE if stage.may_be_heard(who)}
        assert heard == (wanted.open_microphones & set(wanted.stage))

    @invariant()
    def replaying_the_log_gives_the_same_entity(self) -> None:
        room, parts = self.world.replayed()
        assert vars(room) == vars(self.world.room)
        for who, part in parts.items():
            assert vars(part) == vars(self.world.parts[who])
