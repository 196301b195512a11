"""What language models are told leads somewhere."""

import re

from django.test import Client
from django.urls import resolve

from spaces_project.interface.described import described
from spaces_project.interface.llms import TEN, llms_text
from spaces_project.kernel.web.media_forwarding import is_media

TEXT = llms_text().decode()


def test_every_address_in_it_is_there() -> None:
    documents = set(re.findall(r"http://[^/\s]+(/api/[\w.]+\.\w+|/api/docs|/problems)\b", TEXT))
    assert len(documents) == 6
    for address in documents:
        assert Client().get(address).status_code == 200, address
    for address in set(re.findall(r"(?<=[` ])(/api/v1/[\w/<>{}]+)", TEXT)):
        some = re.sub("[<{]room_id[>}]", "room_x", address)
        assert is_media(some) or callable(resolve(some).func), address


def test_the_ten_calls_are_ten_and_are_described() -> None:
    assert len(TEN) == len(set(TEN)) == 10
    assert set(TEN) <= {operation.id for _, operation in described().values()}
    for name in TEN:
        assert f"({name})" in TEXT
