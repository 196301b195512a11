"""Cursor pagination: ``{next, previous, results}``, stable while the list grows."""

from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from spaces_project.kernel.refusals import InvalidRequest
from spaces_project.kernel.web.shapes import number

USUAL: Final = 20
MOST: Final = 100


class Pages(CursorPagination):
    """Pages of at most 100 rows, the newest first unless the view says otherwise."""

    page_size = USUAL
    max_page_size = MOST
    page_size_query_param = "limit"

    def __init__(self, ordering: tuple[str, ...] = ("-id",)) -> None:
        super().__init__()
        self.ordering = ordering

    def get_page_size(self, request: Request) -> int:
        """Return the ``limit`` that was asked for.

        :raises InvalidRequest: if it is no number from 1 to 100.
        """
        return number(request.query_params, "limit", USUAL, 1, MOST)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        """Return the rows of the page behind the cursor.

        :raises InvalidRequest: if no page of ours gave this cursor.
        """
        try:
            rows: Any = super().paginate_queryset(queryset, request, view)
        except (NotFound, ValidationError, ValueError):
            raise InvalidRequest(
                "cursor must be one that a page gave in next or previous."
            ) from None
        # The address that clients know; what web itself sees may be behind a proxy.
        self.base_url = settings.BASE_URL + request.get_full_path()
        return rows
