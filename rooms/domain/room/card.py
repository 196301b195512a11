"""The card on a room's door: title, description, topics."""

from datetime import datetime
from uuid import UUID

from rooms.domain.errors import TooManyTopics
from rooms.domain.events import DescriptionChanged, TitleChanged, TopicsChanged
from rooms.domain.room.core import RoomCore
from rooms.domain.rules import DEFAULTS, Rules
from rooms.domain.texts import clean_text
from spaces_project.kernel.entity import when


def clean_title(title: str, rules: Rules) -> str:
    """Return a title as it is kept.

    :raises BadText: if it is empty or too long.
    """
    return clean_text("title", title, 1, rules.longest_title, one_line=True)


def clean_description(description: str, rules: Rules) -> str:
    """Return a description as it is kept.

    :raises BadText: if it is too long.
    """
    return clean_text("description", description, 0, rules.longest_description)


def clean_topics(topic_ids: list[str], rules: Rules) -> list[str]:
    """Return the topics.

    :raises TooManyTopics: also if one is named twice.
    """
    if len(topic_ids) > rules.most_topics or len(set(topic_ids)) < len(topic_ids):
        raise TooManyTopics(limit=rules.most_topics)
    return topic_ids


class Card(RoomCore):
    """What the host has written on the door."""

    def change_card(
        self,
        by: UUID,
        at: datetime,
        *,
        title: str | None = None,
        description: str | None = None,
        topic_ids: list[str] | None = None,
        rules: Rules = DEFAULTS,
    ) -> None:
        """Write anew what is given; what is not given, or is so already, stays."""
        self.must_be_hosted_by(by)
        new_title = self.title if title is None else clean_title(title, rules)
        new_text = self.description
        if description is not None:
            new_text = clean_description(description, rules)
        new_topics = self.topic_ids if topic_ids is None else clean_topics(topic_ids, rules)
        if new_title != self.title:
            self.record(TitleChanged, by=by, at=at, title=new_title)
        if new_text != self.description:
            self.record(DescriptionChanged, by=by, at=at, description=new_text)
        if new_topics != self.topic_ids:
            self.record(TopicsChanged, by=by, at=at, topic_ids=new_topics)

    # No rules below this line, only consequences: they run again on every replay.

    @when(TitleChanged)
    def _title_changed(self, event: TitleChanged) -> None:
        self.title = event.title
        self.updated_at = event.at

    @when(DescriptionChanged)
    def _description_changed(self, event: DescriptionChanged) -> None:
        self.description = event.description
        self.updated_at = event.at

    @when(TopicsChanged)
    def _topics_changed(self, event: TopicsChanged) -> None:
        self.topic_ids = event.topic_ids
        self.updated_at = event.at
