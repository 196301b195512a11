"""Read your own write: a reader may ask the views to reach a position first."""

from typing import Any, ClassVar, Final

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from spaces_project.kernel.following.waiting import wait_until_projected
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.refusals import InvalidRequest

HEADER: Final = "Min-Position"
READS: Final = frozenset({"GET", "HEAD"})
MOST_DIGITS: Final = 18


class MinPositionView(APIView):
    """A view that waits, on a GET with ``Min-Position``, until its read models are there.

    ``parameters`` are the query parameters that it knows; others are refused, so that a typing
    error is no silent "all of it".
    """

    read_models: ClassVar[tuple[str, ...]] = ()
    parameters: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what cannot be meant, then wait.

        :raises ProjectionBehind: if the read models do not come that far in two seconds.
        """
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, self.parameters)
        wanted = request.headers.get(HEADER)
        if wanted is not None and request.method in READS:
            wait_until_projected(self.read_models, _stored_position(wanted))


def refuse_unknown(request: Request, parameters: frozenset[str]) -> None:
    """Refuse query parameters that the address does not know.

    :raises ValidationError: naming each of them.
    """
    unknown = sorted(set(request.query_params) - parameters)
    if unknown:
        raise ValidationError({name: ["There is no such parameter here."] for name in unknown})


def _stored_position(text: str) -> int:
    position = _position(text)
    if position > event_log().recorder.newest():
        raise InvalidRequest(f"{HEADER}: nothing has been stored at {position} yet.")
    return position


def _position(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise InvalidRequest(f"{HEADER} must be a Position that a command answered with.")
    return int(text)
