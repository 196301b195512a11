"""A room, its people and its stage beside the reference: member by member."""

from rooms.domain.words import RoomState
from tests.properties.buttons import World
from tests.properties.reference import Reference


def compare(world: World, wanted: Reference) -> None:
    """Claim that everything that is known of a room is what the reference says."""
    _compare_room(world, wanted)
    _compare_people(world, wanted)
    _compare_stage(world, wanted)


def _compare_room(world: World, wanted: Reference) -> None:
    room = world.room
    assert room.state == wanted.state
    assert (room.host_id, list(room.seats)) == (wanted.host, wanted.stage)
    assert room.cohosts == wanted.cohosts
    assert (room.audience_policy, room.speak_policy) == (wanted.audience, wanted.speak)
    assert (room.title, len(room.pins)) == (wanted.title, wanted.pins)
    assert (room.followers_invited, room.ending_at) == (wanted.followers_told, wanted.ending_at)
    for who, seat in room.seats.items():
        assert seat.muted == (who not in wanted.open_microphones)
        assert seat.muted_by == (wanted.closed_by[who] if seat.muted else None)


def _compare_people(world: World, wanted: Reference) -> None:
    over = wanted.state == "ended"
    for who, part in world.parts.items():
        assert part.may_ask_from == wanted.rests_until.get(who)
        assert (part.invited, part.guest) == (who in wanted.invited, who in wanted.guests)
        assert (part.removed, part.blocked) == (who in wanted.removed, who in wanted.blocked)
        if not over:  # the room's end is told to the room alone
            assert part.present == (who in wanted.inside)
            assert part.seat_kept_until == wanted.kept_until.get(who)
            assert (part.hand_raised_at is not None) == (who in wanted.line)
            offer = part.speak_invitation
            assert (offer.expires_at if offer else None) == wanted.offers.get(who)


def _compare_stage(world: World, wanted: Reference) -> None:
    stage, room = world.stage, world.room
    assert (stage.state, stage.seats, stage.cohost_ids) == (room.state, room.seats, room.cohosts)
    assert (stage.host_id, stage.creator_id) == (room.host_id, room.creator_id)
    assert (stage.pins, stage.followers_invited) == (room.pins, room.followers_invited)
    assert (stage.audience_policy, stage.speak_policy) == (wanted.audience, wanted.speak)
    assert stage.card is not None
    assert stage.card.title == room.title
    assert (stage.ending_at, stage.updated_at) == (room.ending_at, room.updated_at)
    assert list(stage.hands) == wanted.line
    assert list(stage.present) == wanted.inside
    assert (stage.kept_until, stage.empty_since) == (wanted.kept_until, wanted.empty_since)
    assert stage.may_ask_from == wanted.rests_until
    assert (stage.invited, stage.guests) == (wanted.invited, wanted.guests)
    offers = {who: offer.expires_at for who, offer in stage.speak_invitations.items()}
    assert offers == wanted.offers
    assert (stage.removed, stage.blocked) == (wanted.removed, wanted.blocked)
    heard = {who for who in world.parts if stage.may_be_heard(who)}
    live = room.state is RoomState.LIVE
    assert heard == (wanted.open_microphones & set(wanted.stage) if live else set())
    assert {who for who in world.parts if who in room.seats and stage.is_away(who)} == (
        set(wanted.stage) - set(wanted.inside)
    )
