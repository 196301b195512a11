"""Commands about what many change at once, such as a sale that has just begun."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

from spaces_project.kernel.commands import known_receipt
from spaces_project.kernel.log.ask import Decision
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.log.mailboxes import mailboxes
from spaces_project.kernel.log.wish import take_wish
from spaces_project.kernel.refusals import Refusal

Asked = ParamSpec("Asked")

__all__ = ["Decision", "in_mailbox"]


def in_mailbox(prepare: Callable[Asked, Decision[Any]]) -> Callable[Asked, Receipt]:
    """Make a function that says what is to be decided into a command that waits in line for it.

    The function runs once, on the caller's thread: it settles the time, asks other apps, and
    returns the decision, which the entity's mailbox carries out with those of others. A retry of
    the same wish gets the original receipt. The receipt holds no entity: others have changed it.
    """

    @functools.wraps(prepare)
    def run(*args: Asked.args, **kwargs: Asked.kwargs) -> Receipt:
        wish = take_wish(prepare.__qualname__, args, kwargs)
        try:
            decision = prepare(*args, **kwargs)
        except Refusal:
            if wish.may_be_a_retry and (known := known_receipt(wish)):
                return known
            raise
        return mailboxes().ask(decision, wish)

    return run
