"""The OpenAPI document: made from the addresses and what the apps say of them, when first asked."""

from functools import cache
from typing import Any, Final

import orjson
import yaml
from django.conf import settings
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from spaces_project.interface import common
from spaces_project.interface.described import BASE, FORWARDED, TAGS, described
from spaces_project.interface.examples import example_of
from spaces_project.interface.operation import operation_object
from spaces_project.kernel.schemas import with_what_it_names

VERSION: Final = "1"
ADDRESSES: Final = "spaces_project.urls"
ABOUT = """\
Live audio rooms: who speaks, who listens, what happens.

Every answer to a command is the new state of what was commanded, with its version (`ETag`) and its
place in the log (`Position`). A no is a problem document (RFC 9457); clients go by its `code`, and
its `type` opens a page that says what to do. What happens in a room comes over a socket:
[`/api/asyncapi.yaml`](/api/asyncapi.yaml). New members and new types may come at any time: pass
over those that you do not know.
"""


class Warned(Exception):
    """drf-spectacular was not sure of something."""


@cache
def openapi() -> dict[str, Any]:
    """Return the document.

    :raises Warned: if the generator had to guess.
    """
    generator = SchemaGenerator(api_version=VERSION, urlconf=ADDRESSES)
    made: dict[str, Any] = generator.get_schema(request=None, public=True)
    if GENERATOR_STATS:
        raise Warned("see what was printed")
    paths = {**made["paths"], **_forwarded(made["paths"])}
    document = {
        "openapi": made["openapi"],
        "info": {"title": "Spaces", "version": VERSION, "description": ABOUT},
        "servers": [{"url": settings.BASE_URL}],
        "tags": [{"name": name, "description": about} for name, about in TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "headers": common.HEADERS,
            "parameters": common.PARAMETERS,
            "responses": common.problem_responses(),
            "securitySchemes": common.SECURITY,
        },
    }
    document["components"]["schemas"] = with_examples(with_what_it_names(document))
    found: dict[str, Any] = orjson.loads(orjson.dumps(document))  # plain, nothing shared
    return found


@cache
def openapi_json() -> bytes:
    """Return the document as JSON."""
    return orjson.dumps(openapi(), option=orjson.OPT_INDENT_2)


@cache
def openapi_yaml() -> bytes:
    """Return the document as YAML."""
    return as_yaml(openapi())


def with_examples(schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the same named schemas, each object with an example."""
    return {
        name: schema | ({"examples": [example_of(schema)]} if "properties" in schema else {})
        for name, schema in schemas.items()
    }


def as_yaml(document: dict[str, Any]) -> bytes:
    """Return a document as YAML, in its own order and without aliases."""
    text: str = yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    return text.encode()


class _Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    def ignore_aliases(self, data: Any) -> bool:
        """Say everything where it belongs."""
        del data
        return True


def _text(dumper: Any, text: str) -> Any:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Plain.add_representer(str, _text)


def _forwarded(known: dict[str, Any]) -> dict[str, Any]:
    """Return what the media node answers, which has no view here."""
    found: dict[str, Any] = {}
    for (method, path), (tag, operation) in described().items():
        if f"{method} {path.removeprefix(BASE)}" in FORWARDED:
            made = operation_object(
                method, path, tag, operation, "", body=operation.body, reads=False
            )
            found.setdefault(path, dict(known.get(path, {})))[method.lower()] = made
    return found
