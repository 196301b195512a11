"""The addresses of the documents: anybody may read them, from anywhere.

What makes them is imported when one is first asked for: it costs half a second that no start of the
product should take.
"""

from collections.abc import Callable
from importlib import import_module

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from spaces_project.kernel.web.page_headers import page

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
YAML = "application/yaml"  # RFC 9512
View = Callable[[HttpRequest], HttpResponse]


def _document(made: str, kind: str) -> View:
    module, _, name = made.partition(".")

    @require_safe
    @conditional_page
    def show(request: HttpRequest) -> HttpResponse:
        """Show the document; it is made when it is first asked for."""
        del request
        content = getattr(import_module(f"spaces_project.interface.{module}"), name)()
        response = HttpResponse(content, content_type=kind)
        response["Cache-Control"] = "public, no-cache"
        response["Access-Control-Allow-Origin"] = "*"  # nothing in it is anybody's
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return show


in_yaml = _document("openapi.openapi_yaml", YAML)
in_json = _document("openapi.openapi_json", JSON)
sockets_in_yaml = _document("asyncapi.asyncapi_yaml", YAML)
sockets_in_json = _document("asyncapi.asyncapi_json", JSON)
for_language_models = _document("llms.llms_text", TEXT)


@require_safe
@page
def docs(request: HttpRequest) -> HttpResponse:
    """Show every operation, every frame and every schema on one page, without a script."""
    from spaces_project.interface import shown_sockets, view_model  # noqa: PLC0415 - see above

    words = {
        "sections": view_model.sections(),
        "sockets": shown_sockets.sockets(),
        "schemas": view_model.schemas(),
    }
    return render(request, "interface/docs.html", words)


@require_safe
@page
def index(request: HttpRequest) -> HttpResponse:
    """Say which documents there are."""
    return render(request, "interface/index.html")
