"""What Django answers when no view did: problem documents as everywhere."""

from django.http import HttpRequest, HttpResponse

from spaces_project.kernel.refusals import InvalidRequest, NotFound, Unexpected
from spaces_project.kernel.web.problems import problem_response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist."""
    del exception
    return problem_response(NotFound(), request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django finds suspicious."""
    del exception
    return problem_response(InvalidRequest(), request)


def unexpected(request: HttpRequest) -> HttpResponse:
    """Answer when something broke outside of a view; Django has logged it."""
    return problem_response(Unexpected(), request)
