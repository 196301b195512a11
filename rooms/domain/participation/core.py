"""What every part of a participation knows, and what all of them ask about."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rooms.domain.errors import NotInRoom, RemovedFromRoom
from rooms.domain.words import SpeakInvitation
from spaces_project.kernel.entity import DomainEvent, Entity


class ParticipationCore(Entity):
    """The state of one person in one room.

    ``seat_kept_until`` is known of somebody who dropped out of a seat that is still kept, and
    ``dropped_at`` since when.
    """

    def __init__(self, entity_id: UUID, room_id: UUID, account_id: UUID) -> None:
        super().__init__(entity_id)
        self._room_id = room_id
        self.account_id = account_id
        self.present = False
        self.seated = False
        self.removed = False
        self.blocked = False
        self.invited = False
        self.guest = False
        self.hand_raised_at: datetime | None = None
        self.may_ask_from: datetime | None = None
        self.seat_kept_until: datetime | None = None
        self.dropped_at: datetime | None = None
        self.speak_invitation: SpeakInvitation | None = None

    @property
    def room_id(self) -> UUID:
        """The room in whose sequence these events are counted."""
        return self._room_id

    @property
    def key_id(self) -> UUID:
        """The room's key encrypts what people do in it."""
        return self._room_id

    def must_be_present(self) -> None:
        """Refuse for someone who is not inside."""
        self.must_be_welcome()
        if not self.present:
            raise NotInRoom

    def must_be_welcome(self) -> None:
        """Refuse for someone who was put out."""
        if self.removed or self.blocked:
            raise RemovedFromRoom

    def must_not_be_away(self) -> None:
        """Refuse for someone whose seat is only kept."""
        if self.seat_kept_until is not None:
            raise NotInRoom

    def _record(
        self, event_type: type[DomainEvent], by: UUID | None, at: datetime, **facts: Any
    ) -> None:
        self.record(event_type, by=by, at=at, account_id=self.account_id, **facts)

    # Consequences that several events have.

    def _out(self) -> None:
        self.present = False
        self.seated = False
        self.hand_raised_at = None
        self._nothing_is_kept()

    def _nothing_is_kept(self) -> None:
        self.seat_kept_until = None
        self.dropped_at = None
