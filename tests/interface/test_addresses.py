"""The documents are there for anybody, under addresses that stay."""

import json

import pytest
import yaml
from django.test import Client

from spaces_project.interface.openapi import openapi

DOCUMENTS = {
    "/api/openapi.yaml": "application/yaml",
    "/api/openapi.json": "application/json",
    "/api/asyncapi.yaml": "application/yaml",
    "/api/asyncapi.json": "application/json",
    "/api/llms.txt": "text/plain; charset=utf-8",
}


@pytest.mark.parametrize(("address", "kind"), DOCUMENTS.items())
def test_a_document_is_there_for_anybody(address: str, kind: str) -> None:
    answer = Client().get(address)

    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert answer["Access-Control-Allow-Origin"] == "*"
    again = Client().get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().post(address).status_code == 405


def test_the_formats_are_what_they_are_called() -> None:
    assert json.loads(Client().get("/api/openapi.json").content) == openapi()
    assert yaml.safe_load(Client().get("/api/openapi.yaml").content) == openapi()


def test_the_index_leads_to_every_document() -> None:
    shown = Client().get("/api/").content.decode()

    assert [
        address for address in (*DOCUMENTS, "/api/docs", "/problems") if address not in shown
    ] == []
