"""Pages and their files travel compressed; answers of the API do not.

An answer that holds both a secret and something an attacker chose would tell the secret by its
compressed length (BREACH); pages and static files hold no secrets.
"""

from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

API: Final = "/api/"


class CompressPages(GZipMiddleware):
    """gzip for everything outside the API."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the response, smaller where that is safe and worth it."""
        if request.path.startswith(API) or not _is_text(response):
            return response
        return super().process_response(request, response)


def _is_text(response: HttpResponseBase) -> bool:
    kind = response.headers.get("Content-Type", "")
    return kind.startswith("text/") or "javascript" in kind or "svg" in kind or "json" in kind
