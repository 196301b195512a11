"""Errors that pass by themselves, told from those that will come again."""

from typing import Final

import eventsourcing.persistence
import psycopg
from django.db import InterfaceError, OperationalError
from psycopg import errors

from spaces_project.kernel.refusals import Contended, Kind, Refusal

LOST: Final = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    eventsourcing.persistence.OperationalError,
    eventsourcing.persistence.InterfaceError,
)
# The tables are not as this version expects them, or not ours: a matter of deployment.
NOT_DEPLOYED: Final = (
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.UndefinedFunction,
    errors.InsufficientPrivilege,
    errors.ReadOnlySqlTransaction,
)


def passes(error: BaseException | None) -> bool:
    """Tell whether an error says nothing about the event: try again later, as long as it takes."""
    while error is not None:
        if isinstance(error, Refusal):
            return error.kind is Kind.UNAVAILABLE or isinstance(error, Contended)
        if isinstance(error, errors.ProgramLimitExceeded):  # psycopg counts it as operational
            return False
        cause = error.__cause__
        if isinstance(error, (MemoryError, *NOT_DEPLOYED)):
            return True
        if isinstance(error, LOST) and not isinstance(cause, errors.ProgramLimitExceeded):
            return True
        error = cause
    return False
