"""The OpenAPI document is whole, valid, and made from nothing but what the apps say."""

import re
from typing import Any

import orjson
import yaml
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.response import Response

from spaces_project.interface.described import BASE, FORWARDED, described
from spaces_project.interface.openapi import ADDRESSES, openapi, openapi_json, openapi_yaml
from spaces_project.interface.operation import not_told
from spaces_project.kernel.web.media_forwarding import is_media
from spaces_project.kernel.web.min_position import MinPositionView

VERB_NOUN = re.compile(r"[a-z]+(_[a-z]+)*")


class Undescribed(MinPositionView):
    """A view of which clients are not told."""

    def put(self, request: Any) -> Response:
        """Do something."""
        del request
        return Response({})


urlpatterns = [path("api/v1/", include([path("rooms/tea", Undescribed.as_view())]))]


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, address and object of every operation."""
    return [
        (method.upper(), address, operation)
        for address, item in openapi()["paths"].items()
        for method, operation in item.items()
    ]


def test_the_document_is_valid_and_nothing_in_it_was_guessed() -> None:
    document = openapi()  # raises Warned if drf-spectacular had to guess

    assert document["openapi"] == "3.1.1"
    validate_schema(document)


def test_json_and_yaml_say_the_same() -> None:
    assert orjson.loads(openapi_json()) == yaml.safe_load(openapi_yaml()) == openapi()


def test_clients_are_told_of_every_address() -> None:
    assert untold(ADDRESSES) == []


def test_an_address_of_which_clients_are_not_told_is_named_with_what_to_write() -> None:
    (told,) = untold("tests.interface.test_openapi")

    assert 'Write "PUT rooms/tea": Operation(' in told


def untold(addresses: str) -> list[str]:
    """Return a sentence for each address of which clients are not told."""
    generator = SchemaGenerator(urlconf=addresses)
    generator._initialise_endpoints()
    return [
        not_told(method, path)
        for path, _, method, _ in generator._get_paths_and_endpoints()
        if (method, path) not in described()
    ]


def test_nothing_is_described_that_is_not_there() -> None:
    there = {(method, address) for method, address, _ in operations()}

    assert set(described()) - there == set()
    assert [line for line in FORWARDED if not is_media(_some(line.split(" ")[1]))] == []


def _some(address: str) -> str:
    return BASE + re.sub(r"\{\w+\}", "x", address)


def test_every_operation_has_a_name_of_its_own_and_a_sentence() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]

    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if not VERB_NOUN.fullmatch(name)] == []
    for method, address, operation in operations():
        assert re.search(r"[.)]$", operation["summary"]), (method, address, operation["summary"])
        assert "\n" not in operation["summary"], (method, address)


def test_query_parameters_are_told_as_their_view_knows_them() -> None:
    generator = SchemaGenerator(urlconf=ADDRESSES)
    generator._initialise_endpoints()
    for address, _, method, view in generator._get_paths_and_endpoints():
        known: frozenset[str] = getattr(view, "parameters", frozenset())
        known = known if method == "GET" else frozenset()
        assert set(described()[method, address][1].query) == known, (method, address)


def test_every_reference_leads_somewhere() -> None:
    text = openapi_json().decode()
    for ref in set(re.findall(r'"#/([^"]+)"', text)):
        found = openapi()
        for step in ref.split("/"):
            assert step in found, ref
            found = found[step]
