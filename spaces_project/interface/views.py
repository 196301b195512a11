"""The addresses of the documents: anybody may read them, from anywhere."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from spaces_project.interface import view_model
from spaces_project.interface.asyncapi import asyncapi_json, asyncapi_yaml
from spaces_project.interface.llms import llms_text
from spaces_project.interface.openapi import openapi_json, openapi_yaml
from spaces_project.interface.shown_sockets import sockets
from spaces_project.kernel.web.page_headers import page

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
YAML = "application/yaml"  # RFC 9512
View = Callable[[HttpRequest], HttpResponse]


def _document(made: Callable[[], bytes], kind: str) -> View:
    @require_safe
    @conditional_page
    def show(request: HttpRequest) -> HttpResponse:
        """Show the document; it is made when it is first asked for."""
        del request
        response = HttpResponse(made(), content_type=kind)
        response["Cache-Control"] = "public, no-cache"
        response["Access-Control-Allow-Origin"] = "*"  # nothing in it is anybody's
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return show


in_yaml = _document(openapi_yaml, YAML)
in_json = _document(openapi_json, JSON)
sockets_in_yaml = _document(asyncapi_yaml, YAML)
sockets_in_json = _document(asyncapi_json, JSON)
for_language_models = _document(llms_text, TEXT)


@require_safe
@page
def docs(request: HttpRequest) -> HttpResponse:
    """Show every operation and every schema on one page, without a script."""
    words = {
        "sections": view_model.sections(),
        "sockets": sockets(),
        "schemas": view_model.schemas(),
    }
    return render(request, "interface/docs.html", words)


@require_safe
@page
def index(request: HttpRequest) -> HttpResponse:
    """Say which documents there are."""
    return render(request, "interface/index.html")
