"""How far each follower has come, moved in the transaction of its effects."""

from django.db import connection, transaction

from spaces_project.kernel.following.read_model import Policy
from spaces_project.kernel.log.event_log import event_log


def lock_position(name: str) -> int:
    """Return a follower's position and keep others from moving it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO log_positions (name, position) VALUES (%s, 0) ON CONFLICT DO NOTHING",
            [name],
        )
        cursor.execute("SELECT position FROM log_positions WHERE name = %s FOR UPDATE", [name])
        return int(cursor.fetchone()[0])


def lock_policy(policy: Policy) -> int:
    """Return a policy's position and keep others from moving it until the transaction ends.

    A policy that is new begins at the present end of the log, unless it says otherwise.
    """
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT position, reacts FROM log_positions WHERE name = %s FOR UPDATE",
                [policy.name],
            )
            if row := cursor.fetchone():
                break
            begin = 0 if policy.from_the_beginning else event_log().head()
            cursor.execute(
                "INSERT INTO log_positions (name, position, reacts) VALUES (%s, %s, true)"
                " ON CONFLICT DO NOTHING",
                [policy.name, begin],
            )
        position, reacts = row
        if not reacts:  # it is older than this rule
            cursor.execute("UPDATE log_positions SET reacts = true WHERE name = %s", [policy.name])
        return int(position)


def advance_policy(policy: Policy, position: int, since: int) -> None:
    """Write that a policy is done up to a position, unless another process is further already.

    :param since: where the policy was when its events were read; if it has been set back behind
        that, it stays there, and reads again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE log_positions SET position = %s"
            " WHERE name = %s AND position < %s AND position >= %s",
            [position, policy.name, position, since],
        )


def let_react_again(policy: Policy, after: int) -> None:
    """Set a policy back, so that it answers what it has answered before. Nothing else may do so.

    What it asks for again is refused or repeated by the entities: receipts are kept for a day.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        lock_policy(policy)
        cursor.execute("SELECT set_config('spaces.react_again', %s, true)", [policy.name])
        cursor.execute(
            "UPDATE log_positions SET position = %s WHERE name = %s", [after, policy.name]
        )


def move_position(name: str, position: int) -> None:
    """Write a follower's new position."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE log_positions SET position = %s WHERE name = %s", [position, name])


def positions() -> dict[str, int]:
    """Return the position of every follower."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, position FROM log_positions")
        return dict(cursor.fetchall())
