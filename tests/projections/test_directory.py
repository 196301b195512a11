"""The directory: what each event changes in it."""

from uuid import UUID

import pytest

from rooms import commands, queries
from rooms.domain.words import AudiencePolicy, Role, RoomState, Seat, SpeakPolicy
from rooms.models import ParticipantRow, RoomRow
from rooms.rows import seats_of
from tests.projections.scenes import give_seat, history, live_room, see, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


class Scene:
    """Ana's live room with Bo and Cy inside."""

    def __init__(self) -> None:
        self.ana, self.bo, self.cy = someone("ana"), someone("bob"), someone("cyd")
        self.room = live_room(self.ana, self.bo, self.cy)

    def row(self) -> RoomRow:
        see()
        row = RoomRow.objects.get(id=self.room)
        assert row.seq == len(history(self.room))
        present = ParticipantRow.objects.filter(room_id=self.room, present=True)
        assert row.participant_count == present.count()
        return row

    def part(self, account_id: UUID) -> ParticipantRow:
        see()
        return ParticipantRow.objects.get(room_id=self.room, account_id=account_id)

    def seats(self) -> dict[UUID, Seat]:
        return seats_of(self.row().seats)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_new_room_has_a_row_with_its_card_and_its_hosts_seat() -> None:
    ana = someone("ana")
    room = commands.open_room(
        host_id=ana,
        title="Tea",
        description="Green",
        topic_ids=["b", "a"],
        audience_policy=AudiencePolicy.FOLLOWERS,
        speak_policy=SpeakPolicy.INVITED,
    ).entity_id
    see()
    row = RoomRow.objects.get()

    assert (row.id, row.state, row.host_id, row.title) == (room, "scheduled", ana, "Tea")
    assert row.topic_ids == ["b", "a"]
    assert (row.audience_policy, row.speak_policy) == ("followers", "invited")
    assert (row.stage_size, row.participant_count, row.version, row.seq) == (13, 0, 1, 1)
    assert seats_of(row.seats) == {ana: Seat(Role.HOST)}
    assert (row.started_at, row.ended_at) == (None, None)
    assert queries.room(room, ana)[0].card.description == "Green"


def test_a_start_makes_the_row_live(scene: Scene) -> None:
    row = scene.row()

    assert row.state == "live"
    assert row.started_at is not None
    assert row.updated_at == row.started_at


def test_changed_policies_stand_in_the_row(scene: Scene) -> None:
    commands.change_policies(
        room_id=scene.room, by=scene.ana, speak_policy=SpeakPolicy.FOLLOWED_BY_HOST
    )

    assert (scene.row().audience_policy, scene.row().speak_policy) == (
        "public", "followed_by_host",
    )  # fmt: skip


def test_coming_and_going_are_counted(scene: Scene) -> None:
    assert scene.row().participant_count == 2
    commands.join(room_id=scene.room, account_id=scene.bo)
    commands.join(room_id=scene.room, account_id=scene.ana)
    assert scene.row().participant_count == 3
    commands.leave(room_id=scene.room, account_id=scene.bo)
    commands.leave(room_id=scene.room, account_id=scene.bo)

    assert scene.row().participant_count == 2
    assert not scene.part(scene.bo).present


def test_hands_stand_in_line(scene: Scene) -> None:
    for who in (scene.cy, scene.bo):
        commands.raise_hand(room_id=scene.room, account_id=who)
    see()
    assert list(queries.room(scene.room, scene.ana)[0].hands or ()) == [scene.cy, scene.bo]
    commands.lower_hand(room_id=scene.room, account_id=scene.cy, by=scene.ana)

    assert (scene.part(scene.cy).hand_seq, scene.part(scene.cy).hand_raised_at) == (None, None)
    assert scene.part(scene.bo).hand_seq == 6


def test_a_promotion_gives_a_seat_and_answers_the_hand(scene: Scene) -> None:
    commands.raise_hand(room_id=scene.room, account_id=scene.bo)
    give_seat(scene.room, scene.bo, by=scene.ana)

    assert list(scene.seats()) == [scene.ana, scene.bo]
    assert scene.seats()[scene.bo] == Seat(Role.SPEAKER)
    part = scene.part(scene.bo)
    assert (part.seated, part.present, part.hand_seq) == (True, True, None)
    view = queries.room(scene.room, scene.ana)[0]
    assert view.listeners == [scene.cy]


@pytest.mark.parametrize("by_host", [True, False])
def test_a_demotion_and_stepping_down_take_the_seat(scene: Scene, by_host: bool) -> None:
    give_seat(scene.room, scene.bo, by=scene.ana)
    by = scene.ana if by_host else scene.bo
    commands.demote_speaker(room_id=scene.room, account_id=scene.bo, by=by)

    assert list(scene.seats()) == [scene.ana]
    assert (scene.part(scene.bo).seated, scene.part(scene.bo).present) == (False, True)


def test_microphones_stand_in_the_row(scene: Scene) -> None:
    give_seat(scene.room, scene.bo, by=scene.ana)
    commands.unmute(room_id=scene.room, account_id=scene.bo, by=scene.bo)
    assert scene.seats()[scene.bo] == Seat(Role.SPEAKER, muted=False)
    commands.mute(room_id=scene.room, account_id=scene.bo, by=scene.ana)

    assert scene.seats()[scene.bo] == Seat(Role.SPEAKER, muted=True, muted_by=scene.ana)


@pytest.mark.parametrize(
    ("ask", "removed", "blocked"),
    [(commands.remove, True, False), (commands.block, False, True)],
    ids=["remove", "block"],
)
def test_who_is_put_out_is_out(scene: Scene, ask: object, removed: bool, blocked: bool) -> None:
    give_seat(scene.room, scene.bo, by=scene.ana)
    ask(room_id=scene.room, account_id=scene.bo, by=scene.ana)  # type: ignore[operator]
    part = scene.part(scene.bo)

    assert (part.present, part.seated, part.removed, part.blocked) == (
        False, False, removed, blocked,
    )  # fmt: skip
    assert list(scene.seats()) == [scene.ana]
    assert scene.row().participant_count == 1


def test_who_is_removed_after_leaving_is_counted_out_once(scene: Scene) -> None:
    commands.leave(room_id=scene.room, account_id=scene.bo)
    commands.remove(room_id=scene.room, account_id=scene.bo, by=scene.ana)

    assert scene.row().participant_count == 1
    assert scene.part(scene.bo).removed


def test_an_end_empties_the_room(scene: Scene) -> None:
    give_seat(scene.room, scene.bo, by=scene.ana)
    commands.raise_hand(room_id=scene.room, account_id=scene.cy)
    commands.end(room_id=scene.room, by=scene.ana)
    row = scene.row()

    assert (row.state, row.seats, row.participant_count) == (RoomState.ENDED, [], 0)
    assert row.ended_at is not None
    assert not ParticipantRow.objects.filter(hand_seq__isnull=False).exists()
    assert not ParticipantRow.objects.filter(seated=True).exists()


def test_the_version_is_the_rooms_own(scene: Scene) -> None:
    give_seat(scene.room, scene.bo, by=scene.ana)

    assert (scene.row().version, scene.row().seq) == (3, 6)
