"""A row of the table: what is asked, and what each role is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spaces_project.policy.roles import ROLES


@dataclass(frozen=True)
class Section:
    """Some rows of the table with a title.

    A row's name says what is asked. ``{speaker}`` in it is the person with that role; ``{room}``
    a live public room, ``{private}`` a live one for invited people, ``{planned}`` one that has
    not started, ``{ended}`` one that is over.

    :param rows: by name the answers, in the order of the roles, with spaces between.
    :param bodies: what is sent with some of them; placeholders as in the name.
    """

    title: str
    about: str
    rows: Mapping[str, str]
    bodies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def answers(self, row: str) -> dict[str, str]:
        """Return what each role is answered.

        :raises ValueError: if the row has too few or too many.
        """
        return dict(
            zip(
                ROLES,
                (self.rows[row] if self.rows[row] != "?" else " ".join("?" * len(ROLES))).split(),
                strict=True,
            )
        )
