"""What may be asked at the door. None of it is an event: secrets stay out of the log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from accounts import attempts, credentials
from accounts.commands.people import existing_account
from accounts.domain.account import Account
from accounts.domain.errors import (
    AccountNotFound,
    CodeSpent,
    HandleNotAllowed,
    WrongCredentials,
)
from accounts.domain.profile import handle_of, password_of
from accounts.streams import handle_stream
from spaces_project.kernel.authentication import GUEST, identify, issue_token
from spaces_project.kernel.clock import now
from spaces_project.kernel.log.event_log import event_log


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A token, until when it is good, and whom it speaks for."""

    token: str
    expires_at: datetime
    account: Account


def sign_in(*, handle: str, password: str) -> SignedIn:
    """Open a session for who knows handle and password.

    :raises WrongCredentials: the same, after the same time, for whatever does not fit.
    :raises TooManyRequests: after five failures in a row, for a growing pause.
    """
    try:
        claimed = handle_stream(handle_of(handle))
    except HandleNotAllowed:
        raise WrongCredentials from None  # nobody can have it, and everybody can know that
    attempts.count_attempt(claimed.id, now())
    event_log().fill(claimed)
    if not credentials.password_fits(claimed.account_id, password):
        raise WrongCredentials
    attempts.forget_attempts(claimed.id)
    try:
        return begin_session(account_id=claimed.account_id)
    except AccountNotFound:
        raise WrongCredentials from None


def exchange_code(*, code: str) -> SignedIn:
    """Open a session for who holds a one-time code.

    :raises CodeSpent: if it is unknown, used or too old.
    """
    account_id = credentials.spend_code(code, now())
    try:
        return begin_session(account_id=account_id)
    except AccountNotFound:
        raise CodeSpent from None


def begin_session(*, account_id: UUID) -> SignedIn:
    """Open a session for an account that has just proved itself."""
    account = existing_account(account_id)
    lifetime = timedelta(seconds=settings.TOKEN_LIFETIME_S)
    roles = frozenset({GUEST}) if account.is_guest else credentials.roles_of(account_id)
    token = issue_token(account_id, roles, lifetime)
    return SignedIn(token, identify(token).expires_at, account)


def issue_sign_in_code(account_id: UUID) -> str:
    """Return a new one-time code for an account."""
    existing_account(account_id)
    return credentials.issue_code(account_id, now())


def set_password(*, account_id: UUID, password: str) -> None:
    """Replace the password of an account, or give it its first."""
    account = existing_account(account_id)
    credentials.change_password(account_id, password_of(password, account.handle))


def set_staff(*, account_id: UUID, is_staff: bool = True) -> None:
    """Make an account a staff account, or an ordinary one again."""
    existing_account(account_id)
    credentials.set_staff(account_id, is_staff)
