"""The documents are there for anybody, under addresses that stay."""

import json
import os
import subprocess
import sys

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


def test_no_start_of_the_product_pays_for_the_documents() -> None:
    words = (
        "import django, sys; django.setup(); import spaces_project.urls;"
        "slow = ('drf_spectacular', 'spaces_project.interface.o');"
        "print([m for m in sys.modules if m.startswith(slow)])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "spaces_project.settings"}
    told = subprocess.run(
        [sys.executable, "-c", words], env=environment, capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "[]"
