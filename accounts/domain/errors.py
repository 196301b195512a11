"""Every reason why accounts say no."""

from spaces_project.kernel.refusals import Kind, NotAuthenticated, Refusal


class AccountNotFound(Refusal):
    """There is no such account, or none that you may see. Check the identifier."""

    kind, code, title = Kind.NOT_FOUND, "account-not-found", "There is no such account."


class HandleTaken(Refusal):
    """Somebody has this handle already, or had it before. Choose another one."""

    kind, code, title = Kind.CONFLICT, "handle-taken", "This handle is taken."


class NamedAlready(Refusal):
    """The account has a name and a handle, and a handle never changes. Change the profile."""

    kind, code, title = Kind.CONFLICT, "named-already", "This account has a name already."


class NoGuests(Refusal):
    """The operator lets nobody in here without a name. Register, or sign in."""

    kind, code, title = Kind.FORBIDDEN, "no-guests", "Nobody listens here without a name."


class HandleNotAllowed(Refusal):
    """A handle has 3 to 30 letters (a to z), digits and ``_``, and is none of the reserved words.

    Choose another one.
    """

    kind, code, title = Kind.INVALID, "handle-not-allowed", "This cannot be a handle."


class NameNotAllowed(Refusal):
    """A name has 1 to 50 characters that one can see, without control characters. Mend it."""

    kind, code, title = Kind.INVALID, "name-not-allowed", "This cannot be a name."


class BioNotAllowed(Refusal):
    """A bio has at most 300 characters and no control characters. Shorten or clean it."""

    kind, code, title = Kind.INVALID, "bio-not-allowed", "This cannot be a bio."


class PasswordNotAllowed(Refusal):
    """A password has 8 to 200 characters and is not the handle. Choose another one."""

    kind, code, title = Kind.INVALID, "password-not-allowed", "This cannot be a password."


class NotYourself(Refusal):
    """Nobody follows or blocks themselves. Name somebody else's account."""

    kind, code, title = Kind.UNPROCESSABLE, "not-yourself", "This works only with somebody else."


class WrongCredentials(NotAuthenticated):
    """Handle and password do not belong together, or there is no such account. Check both."""

    code, title = "wrong-credentials", "Handle or password is wrong."


class CodeSpent(NotAuthenticated):
    """A sign-in code works once and for 24 hours. Ask for a new one, or use your password."""

    code, title = "sign-in-code-spent", "This sign-in code does not work any more."


class TooManyKeys(Refusal):
    """The account has as many keys for servers as it may. Revoke one that you need no more."""

    kind, code, title = Kind.CONFLICT, "too-many-keys", "There are too many keys."
