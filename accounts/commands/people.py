"""What may be asked of one account."""

from uuid import UUID

from accounts import credentials
from accounts.domain.account import Account
from accounts.domain.errors import AccountNotFound, HandleTaken
from accounts.domain.profile import handle_of, password_of
from accounts.streams import handle_stream
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Receipt, event_log


def register(*, handle: str, name: str, password: str | None = None) -> Receipt:
    """Make an account; without a password only a one-time code opens it.

    The password is kept first, then handle and account are appended in one save. Whatever breaks
    in between leaves either nothing that anybody could notice, or a whole account.
    """
    account_id = new_id()
    if password is not None:
        password = password_of(password, handle_of(handle))
    try:
        receipt = _register(account_id=account_id, handle=handle, name=name, password=password)
    except HandleTaken:
        credentials.forget(account_id)
        raise
    if receipt.entity_id != account_id:  # a retry: the account was there already
        credentials.forget(account_id)
    return receipt


@command
def register_guest() -> Receipt:
    """Make an account for somebody who comes to listen, without a name."""
    guest = Account(new_id())
    guest.register_guest(at=now())
    return event_log().append(guest)


def choose_name(*, account_id: UUID, handle: str, name: str, password: str) -> Receipt:
    """Let a guest be a person like all others, with the same account.

    The password is kept first, as in :func:`register`: before the append no handle leads to it.
    So nobody else may choose for the same account meanwhile: of two who do, the one who is
    refused would leave a password that fits to the other's handle.
    """
    with credentials.changing(account_id):
        existing_account(account_id)  # asks the log: nothing below is decided on an older state
        return _choose_name(account_id=account_id, handle=handle, name=name, password=password)


@command
def change_profile(
    *,
    account_id: UUID,
    name: str | None = None,
    bio: str | None = None,
    protected: bool | None = None,
) -> Receipt:
    """Change how others see a person; what is not given stays."""
    account, at = existing_account(account_id), now()
    account.change_profile(name, bio, at)
    if protected is not None:
        (account.protect if protected else account.unprotect)(at)
    return event_log().append(account)


@command
def _register(*, account_id: UUID, handle: str, name: str, password: str | None) -> Receipt:
    account = Account(account_id)
    account.register(handle, name, at=now())
    claimed = event_log().fill(handle_stream(account.handle))
    claimed.claim(account_id, at=now())
    credentials.keep_first_password(account_id, password)
    return event_log().append(account, claimed)


@command
def _choose_name(*, account_id: UUID, handle: str, name: str, password: str) -> Receipt:
    account = existing_account(account_id)
    account.choose_name(handle, name, at=now())
    password = password_of(password, account.handle)
    claimed = event_log().fill(handle_stream(account.handle))
    claimed.claim(account_id, at=now())
    credentials.change_password(account_id, password)
    return event_log().append(account, claimed)


def existing_account(account_id: UUID) -> Account:
    """Return an account that was registered and not forgotten since.

    :raises AccountNotFound: if there is none.
    """
    account = event_log().load(Account, account_id, otherwise=AccountNotFound)
    if account.is_forgotten:
        raise AccountNotFound
    return account
