"""Everything that runs, listed."""

from spaces_project.kernel.following.read_model import Policy, ReadModel


def read_models() -> list[ReadModel]:
    """Return every projection's read model."""
    from accounts.projections.people import People  # noqa: PLC0415 - tables need the registry
    from rooms.projections.directory import Directory  # noqa: PLC0415

    return [People(), Directory()]


def policies() -> list[Policy]:
    """Return every policy."""
    from rooms.policies import BlockEverywhere, PutOutTheBlocked  # noqa: PLC0415

    return [BlockEverywhere(), PutOutTheBlocked()]
