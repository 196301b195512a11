"""The sentences of the docstrings of Room and Participation, held after every button."""

from rooms.domain.events import RoomEnded, SpeakerUnmuted
from rooms.domain.words import AudiencePolicy, Role, RoomState
from tests.properties.buttons import World
from tests.properties.reference_state import MOST_COHOSTS, MOST_PINS, STAGE_SIZE


class Promises:
    """What is true of a room whatever happens; ``world`` is the room."""

    world: World
    _held: int = 0
    _was_ticketed: bool = False

    def hold(self) -> None:
        """Hold each promise."""
        self._there_are_never_more_on_stage_nor_more_cohosts_than_the_seat_policy_allows()
        self._exactly_one_person_hosts_with_a_seat_as_long_as_the_room_is_not_over()
        self._a_seat_is_opened_only_by_the_one_who_sits_there()
        self._a_ticketed_room_stays_one()
        self._a_room_that_has_ended_records_nothing_more()
        self._nobody_both_sits_on_stage_and_waits_with_a_raised_hand()
        self._nobody_who_was_removed_or_blocked_comes_back_unless_that_is_lifted()
        self._whoever_is_away_has_no_hand_up_and_a_seat_only_while_it_is_kept()
        self._nobody_sits_on_stage_and_is_still_invited_to()
        self._nobody_who_is_not_there_is_heard()
        self._held = len(self.world.log)

    def _there_are_never_more_on_stage_nor_more_cohosts_than_the_seat_policy_allows(self) -> None:
        assert len(self.world.room.seats) <= STAGE_SIZE
        assert len(self.world.room.cohosts) <= MOST_COHOSTS
        assert len(self.world.room.pins) <= MOST_PINS

    def _exactly_one_person_hosts_with_a_seat_as_long_as_the_room_is_not_over(self) -> None:
        room = self.world.room
        hosts = [who for who, seat in room.seats.items() if seat.role is Role.HOST]
        assert hosts == ([] if room.state is RoomState.ENDED else [room.host_id])
        cohosts = {who for who, seat in room.seats.items() if seat.role is Role.COHOST}
        assert cohosts == set(room.cohosts)
        assert len(cohosts) == len(room.cohosts)

    def _a_seat_is_opened_only_by_the_one_who_sits_there(self) -> None:
        for happened in self.world.log[self._held :]:
            assert not isinstance(happened, SpeakerUnmuted) or happened.by == happened.account_id

    def _a_room_that_has_ended_records_nothing_more(self) -> None:
        assert not any(isinstance(happened, RoomEnded) for happened in self.world.log[:-1])

    def _a_ticketed_room_stays_one(self) -> None:
        is_ticketed = self.world.room.audience_policy is AudiencePolicy.TICKET
        assert is_ticketed or not self._was_ticketed
        self._was_ticketed = is_ticketed

    def _nobody_both_sits_on_stage_and_waits_with_a_raised_hand(self) -> None:
        for who, part in self.world.parts.items():
            assert not (part.hand_raised_at and (part.seated or who in self.world.room.seats))
        assert not set(self.world.stage.hands) & set(self.world.stage.seats)

    def _nobody_who_was_removed_or_blocked_comes_back_unless_that_is_lifted(self) -> None:
        for who, part in self.world.parts.items():
            is_out = part.removed or part.blocked
            assert is_out == self.world.stage.is_put_out(who)
            assert not (is_out and (part.present or part.seated or who in self.world.room.seats))
            assert not (is_out and part.speak_invitation)

    def _whoever_is_away_has_no_hand_up_and_a_seat_only_while_it_is_kept(self) -> None:
        room = self.world.room
        for who, part in self.world.parts.items():
            if not part.present and room.state is not RoomState.ENDED:
                assert part.hand_raised_at is None
                is_kept = part.seat_kept_until is not None
                assert who not in room.seats or is_kept or who == room.host_id
                assert part.seated <= is_kept

    def _nobody_sits_on_stage_and_is_still_invited_to(self) -> None:
        for who, part in self.world.parts.items():
            assert not (part.speak_invitation and (part.seated or who in self.world.room.seats))

    def _nobody_who_is_not_there_is_heard(self) -> None:
        stage = self.world.stage
        for who, part in self.world.parts.items():
            if stage.may_be_heard(who):
                assert stage.may_listen(who)
                assert part.seat_kept_until is None
                assert not part.removed
                assert not part.blocked
                assert not self.world.room.seats[who].muted
