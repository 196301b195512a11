"""The pages behind a problem's ``type``: what it means and what to do."""

import inspect

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from spaces_project.kernel.catalogue import known_refusals
from spaces_project.kernel.refusals import Refusal, reason_phrase
from spaces_project.kernel.web.page_headers import page


@page
def problem_pages(request: HttpRequest) -> HttpResponse:
    """List every problem that the product can answer with."""
    problems = [_page(refusal) for refusal in known_refusals()]
    return render(request, "problems/list.html", {"problems": problems})


@page
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one problem."""
    for refusal in known_refusals():
        if refusal.code == code:
            return render(request, "problems/one.html", {"problem": _page(refusal)})
    raise Http404


def _page(refusal: type[Refusal]) -> dict[str, str]:
    return {
        "code": refusal.code,
        "title": refusal.title,
        "status": f"{refusal.kind.value} {reason_phrase(refusal.kind)}",
        "help": (inspect.getdoc(refusal) or "").replace("``", ""),
    }
