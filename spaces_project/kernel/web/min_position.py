"""Read your own write: a reader may ask the views to reach a position first."""

from typing import Any, ClassVar, Final

from rest_framework.request import Request

from spaces_project.kernel.following.waiting import wait_until_projected
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.refusals import InvalidRequest
from spaces_project.kernel.web.address import READS, Address

HEADER: Final = "Min-Position"
MOST_DIGITS: Final = 18


class MinPositionView(Address):
    """A view that waits, on a GET with ``Min-Position``, until its read models are there."""

    read_models: ClassVar[tuple[str, ...]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Wait for the read models, where that is asked for.

        :raises ProjectionBehind: if the read models do not come that far in two seconds.
        """
        super().initial(request, *args, **kwargs)
        wanted = request.headers.get(HEADER)
        if wanted is not None and request.method in READS:
            wait_until_projected(self.read_models, _stored_position(wanted))


def _stored_position(text: str) -> int:
    position = _position(text)
    if position > event_log().recorder.newest():
        raise InvalidRequest(f"{HEADER}: nothing has been stored at {position} yet.")
    return position


def _position(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise InvalidRequest(f"{HEADER} must be a Position that a command answered with.")
    return int(text)
