"""The shells. They hold no data: what a person may see is asked with that person's token."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from spaces_project.kernel.web.page_headers import page


@require_safe
@page
def lobby(request: HttpRequest) -> HttpResponse:
    """Show the rooms that are live now."""
    return render(request, "rooms/lobby.html")


@require_safe
@page
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the way in: handle and password, or a one-time link with its code in the fragment."""
    return render(request, "rooms/sign_in.html")


@require_safe
@page
def room(request: HttpRequest, room_id: str) -> HttpResponse:
    """Show one room to whoever listens, speaks or hosts."""
    return render(request, "rooms/room.html", {"room_id": room_id})


@page
def missing(request: HttpRequest) -> HttpResponse:
    """Tell a person that there is no such page; a program gets the problem document."""
    if request.method not in {"GET", "HEAD"} or "text/html" not in request.headers.get(
        "Accept", ""
    ):
        raise Http404
    return render(request, "404.html", status=404)
