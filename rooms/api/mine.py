"""What rooms know of who asks."""

from rest_framework.request import Request
from rest_framework.response import Response

from rooms.hosting import eligibility_of
from rooms.queries import READ_MODELS
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.rest_authentication import asker


class Hosting(MinPositionView):
    """Whether who asks may host."""

    read_models = READ_MODELS

    def get(self, request: Request) -> Response:
        """Tell whether you may open a room now, and if not, each reason why."""
        eligible = eligibility_of(asker(request).account_id)
        words = eligible.in_words() or None
        return Response({"may_host": not eligible.reasons, "detail": words, **eligible.numbers()})
