"""What every address of the interface does before anything else: refuse what it does not know."""

from typing import Any, ClassVar, Final

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

READS: Final = frozenset({"GET", "HEAD"})


class Address(APIView):
    """A view of one address.

    ``parameters`` are the query parameters that its GET knows; a command knows none. Others are
    refused, so that a typing error is no silent "all of it", and a wish in the wrong place is not
    carried out by halves.
    """

    parameters: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what cannot be meant, once it is known who asks.

        :raises ValidationError: naming each query parameter that there is not.
        """
        super().initial(request, *args, **kwargs)
        known = self.parameters if request.method in READS else frozenset()
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise ValidationError({name: ["There is no such parameter here."] for name in unknown})
