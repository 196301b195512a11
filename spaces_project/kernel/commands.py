"""How a command is carried out: decide again when others were faster, never twice."""

import functools
import logging
import random
import time
from collections.abc import Callable
from typing import Final, ParamSpec

from eventsourcing.persistence import InterfaceError, OperationalError, RecordConflictError
from psycopg import OperationalError as DriverError
from psycopg_pool import PoolTimeout

from spaces_project.kernel.log.event_log import Receipt, event_log
from spaces_project.kernel.log.grounds import Grounds, standing_on
from spaces_project.kernel.log.wish import Wish, carrying_out, take_wish
from spaces_project.kernel.refusals import Contended, Refusal, StorageUnavailable

Asked = ParamSpec("Asked")
log = logging.getLogger(__name__)

ATTEMPTS: Final = 5
PAUSE_S: Final = 0.01
STORAGE_PAUSE_S: Final = 0.1
LOST: Final = (OperationalError, InterfaceError, DriverError, PoolTimeout)


def command(decide: Callable[Asked, Receipt]) -> Callable[Asked, Receipt]:
    """Make a function that loads, decides and appends into a command.

    A retry of the same wish gets the original receipt, also while the first attempt is still on
    its way. When another writer was faster, the function runs again on the new state, at most
    five times, then :class:`Contended`. When the database's answer was lost, the receipt tells
    whether the command was carried out; as long as nobody can tell, :class:`StorageUnavailable`.
    """

    @functools.wraps(decide)
    def run(*args: Asked.args, **kwargs: Asked.kwargs) -> Receipt:
        wish = take_wish(decide.__qualname__, args, kwargs)
        if wish.may_be_a_retry and (known := known_receipt(wish)):
            return known
        return _carry_out(wish, functools.partial(decide, *args, **kwargs), decide.__name__)

    return run


def _carry_out(wish: Wish, decide: Callable[[], Receipt], name: str) -> Receipt:
    trouble: Refusal = Contended()
    grounds = Grounds(fresh=False)
    may_be_stored = wish.may_be_a_retry
    attempt = 0
    while attempt < ATTEMPTS:
        try:
            with standing_on(grounds), carrying_out(wish):
                return decide()
        except RecordConflictError:
            trouble = Contended()
            event_log().streams.came_too_late(grounds)
            if not grounds.trusts_cache:
                time.sleep(random.uniform(0, PAUSE_S * 2**attempt))  # noqa: S311
        except LOST as error:
            trouble, may_be_stored = StorageUnavailable(retry_after_s=2), True
            event_log().streams.cache.evict(grounds.loaded)
            log.warning("%s: the database's answer was lost: %s", name, error)
            time.sleep(STORAGE_PAUSE_S * attempt)
            if known := known_receipt(wish):
                return known
        except Exception as error:
            # What was decided on an old state is no answer, and nothing was appended.
            if not grounds.trusts_cache:
                # The first attempt at this wish, faster by now, may itself be why it says no.
                may_be_answered = may_be_stored and isinstance(error, Refusal)
                if may_be_answered and (known := known_receipt(wish)):
                    return known
                raise
        attempt += not grounds.trusts_cache  # what the cache said costs no attempt
        grounds = Grounds(fresh=True)
    raise trouble


def known_receipt(wish: Wish) -> Receipt | None:
    """Return the receipt of a wish that was carried out before.

    :raises StorageUnavailable: if nobody can tell.
    """
    try:
        return event_log().receipt(wish)
    except LOST as error:
        raise StorageUnavailable(retry_after_s=2) from error
