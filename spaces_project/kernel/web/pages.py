"""Cursor pagination: ``{next, previous, results}``, stable while the list grows."""

from typing import Any, Final

from rest_framework.pagination import CursorPagination

MOST: Final = 100


class Pages(CursorPagination):
    """Pages of at most 100 rows, the newest first unless the view says otherwise."""

    page_size = 20
    max_page_size = MOST
    page_size_query_param = "limit"
    ordering: Any = "-id"
