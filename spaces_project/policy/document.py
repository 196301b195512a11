"""The page that is made from the table."""

from collections.abc import Iterator
from typing import Final

from spaces_project.policy.roles import ROLES
from spaces_project.policy.row import Section
from spaces_project.policy.table import TABLE

INTRO: Final = """\
# Who may do what

Made from `spaces_project/policy/` by `manage.py write_docs`. Tests ask each of these in each role;
an address, a socket, a frame or an operation of sound without a row fails them.

`{speaker}` in a row is the person with that role. `{room}` is a live public room, `{private}` a
live one for invited people, `{planned}` one that has not started, `{ended}` one that is over; all
of one host. What is neither yours nor there is the same 404; [problems.md](problems.md) has the
words.

| Role | Who |
|---|---|
"""


def policy_page() -> str:
    """Return the page of the policy table."""
    roles = "".join(f"| {role} | {who} |\n" for role, who in ROLES.items())
    return INTRO + roles + "".join("\n" + "\n".join(_section(each)) + "\n" for each in TABLE)


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {section.title}", "", section.about, "")
    yield f"| | {' | '.join(ROLES)} |"
    yield f"|---|{'---|' * len(ROLES)}"
    for row in section.rows:
        yield f"| `{row}` | {' | '.join(section.answers(row).values())} |"
