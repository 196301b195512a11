"""Everything that runs, listed."""

from spaces_project.kernel.following.read_model import Policy, ReadModel


def read_models() -> list[ReadModel]:
    """Return every projection's read model."""
    from accounts.projections.people import People  # noqa: PLC0415 - models need the app registry

    return [People()]


def policies() -> list[Policy]:
    """Return every policy."""
    return []
