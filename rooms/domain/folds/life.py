"""The life of the room, its card, its policies and its pins."""

from typing import Final

import msgspec

from rooms.domain.events import (
    DescriptionChanged,
    EndingSoon,
    FollowersInvited,
    Pinned,
    PoliciesChanged,
    RoomCreated,
    RoomEnded,
    RoomStarted,
    TitleChanged,
    TopicsChanged,
    Unpinned,
)
from rooms.domain.folds.fold import Fold
from rooms.domain.stage_state import Card, StageState
from rooms.domain.words import Pin, Role, RoomState, Seat
from spaces_project.kernel.entity import DomainEvent


def _created(stage: StageState, happened: RoomCreated) -> None:
    stage.state = RoomState.SCHEDULED
    stage.card = Card(
        happened.host_id,
        happened.title,
        happened.description,
        happened.topic_ids,
        happened.seat_policy.stage_size,
        happened.at,
    )
    stage.creator_id = happened.host_id
    stage.audience_policy = happened.audience_policy
    stage.speak_policy = happened.speak_policy
    stage.updated_at = happened.at
    stage.seats[happened.host_id] = Seat(Role.HOST)


def _started(stage: StageState, happened: RoomStarted) -> None:
    stage.state = RoomState.LIVE
    stage.started_at = stage.updated_at = happened.at
    stage.empty_since = None if stage.present else happened.at


def _policies_changed(stage: StageState, happened: PoliciesChanged) -> None:
    stage.audience_policy = happened.audience_policy
    stage.speak_policy = happened.speak_policy
    stage.updated_at = happened.at


def _title_changed(stage: StageState, happened: TitleChanged) -> None:
    _write_on_card(stage, happened, title=happened.title)


def _description_changed(stage: StageState, happened: DescriptionChanged) -> None:
    _write_on_card(stage, happened, description=happened.description)


def _topics_changed(stage: StageState, happened: TopicsChanged) -> None:
    _write_on_card(stage, happened, topic_ids=happened.topic_ids)


def _write_on_card(stage: StageState, happened: DomainEvent, **words: object) -> None:
    stage.updated_at = happened.at
    if stage.card:
        stage.card = msgspec.structs.replace(stage.card, **words)


def _followers_invited(stage: StageState, happened: FollowersInvited) -> None:
    del happened
    stage.followers_invited = True


def _pinned(stage: StageState, happened: Pinned) -> None:
    stage.pins[happened.pin_id] = Pin(happened.text, happened.url, happened.by, happened.at)


def _unpinned(stage: StageState, happened: Unpinned) -> None:
    stage.pins.pop(happened.pin_id, None)


def _ending_soon(stage: StageState, happened: EndingSoon) -> None:
    stage.ending_at = happened.ends_at


def _ended(stage: StageState, happened: RoomEnded) -> None:
    stage.state = RoomState.ENDED
    stage.ended_at = stage.updated_at = happened.at
    stage.empty_since = None
    stage.seats.clear()
    stage.kept_until.clear()
    stage.cohost_ids.clear()
    stage.hands.clear()
    stage.present.clear()
    stage.speak_invitations.clear()


LIFE: Final[dict[type[DomainEvent], Fold]] = {
    RoomCreated: _created,
    RoomStarted: _started,
    PoliciesChanged: _policies_changed,
    TitleChanged: _title_changed,
    DescriptionChanged: _description_changed,
    TopicsChanged: _topics_changed,
    FollowersInvited: _followers_invited,
    Pinned: _pinned,
    Unpinned: _unpinned,
    EndingSoon: _ending_soon,
    RoomEnded: _ended,
}
