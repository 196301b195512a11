"""Is the process alive, and can it serve."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from spaces_project.kernel.refusals import StorageUnavailable
from spaces_project.kernel.web.problems import problem_response


def live(request: HttpRequest) -> HttpResponse:
    """Say that the process runs."""
    del request
    return HttpResponse("live\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """Say that the process reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM log_positions")
    except DatabaseError:
        connection.close()
        return problem_response(StorageUnavailable(retry_after_s=1), request)
    return HttpResponse("ready\n", content_type="text/plain")
