"""A webhook goes to public servers only, whatever its owner writes and whatever DNS answers."""

import asyncio
import itertools
from ipaddress import ip_address, ip_network

import pytest
from pytest_django import Settings

from spaces_project.kernel.webhooks import resolving
from spaces_project.kernel.webhooks.addresses import Address, checked_url, is_public
from spaces_project.kernel.webhooks.errors import WebhookUrlNotAllowed
from spaces_project.kernel.webhooks.posting import Answer, Poster
from spaces_project.kernel.webhooks.resolving import Resolve, checked_and_resolved
from tests.webhooks.receivers import Receiver, Reply

HOSTILE = (
    "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
    "javascript:alert(1)", "//example.com/", "example.com", "", "https://", "https:///path",
    "https://user@example.com/", "https://user:password@example.com/", "https://@example.com/",
    "https://example.com@127.0.0.1/", "https://example.com/#fragment", "https://example.com/#",
    "https://example.com:22/", "https://example.com:25/", "https://example.com:1023/",
    "https://example.com:0/", "https://example.com:99999/", "https://example.com:port/",
    "https://exa mple.com/", "https://example.com/\r\nHost: localhost", "https://example.com\\@a/",
    "https://exämple.com/", "https://example.com/" + "a" * 2048, "https://127.0.0.1/",
    "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
    "https://0/", "https://0.0.0.0/", "https://localhost/", "https://localhost./",
    "https://LOCALHOST/", "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/", "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/", "https://[fec0::1]/", "https://[fc00::1]/", "https://[ff02::1]/",
    "https://[64:ff9b::7f00:1]/", "https://[64:ff9b:1::a00:1]/", "https://[2002:7f00:1::]/",
    "https://[2002:a00:1::1]/", "https://[2001::1]/", "https://[2001:db8::1]/",
    "https://10.0.0.1/", "https://10.255.255.255/", "https://172.16.0.1/", "https://172.31.9.9/",
    "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/",
    "https://100.127.255.254/", "https://198.18.0.1/", "https://192.0.0.1/", "https://192.0.2.1/",
    "https://203.0.113.9/", "https://224.0.0.1/", "https://240.0.0.1/", "https://255.255.255.255/",
)  # fmt: skip
PUBLIC = ("1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111",
          "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1")  # fmt: skip


@pytest.fixture
def strict(settings: Settings) -> None:
    """As an operator has it who has set nothing."""
    settings.WEBHOOK_ALLOWED_NETWORKS = []


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("url", HOSTILE)
def test_nobody_registers_what_is_no_public_https_address(url: str) -> None:
    with pytest.raises(WebhookUrlNotAllowed):
        checked_and_resolved(url)


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(set(HOSTILE)) >= 40


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("url", HOSTILE)
async def test_and_nothing_is_sent_there_if_it_stood_in_the_table_all_the_same(url: str) -> None:
    poster = Poster(2.0, 1)
    try:
        answer = await poster.post(url, b"{}", {})
    finally:
        await poster.close()

    assert (answer.outcome, answer.status) == ("not-allowed", None)


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_public_whatever_they_are_wrapped_in(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.usefixtures("strict")
def test_ordinary_addresses_pass() -> None:
    for url in (
        "https://example.com",
        "https://example.com:8443/a/b?c=d",
        "https://1.1.1.1/hook",
        "https://[2606:4700::1111]:443/",
        "https://xn--exmple-cua.com/",
    ):
        checked_url(url)


@pytest.mark.usefixtures("strict")
def test_one_private_address_among_public_ones_is_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [ip_address("8.8.8.8"), ip_address("10.0.0.1")]
    monkeypatch.setattr(resolving, "resolve", lambda _host, _port: answers)

    with pytest.raises(WebhookUrlNotAllowed):
        checked_and_resolved("https://example.com/")

    answers.pop()
    assert str(checked_and_resolved("https://example.com/")) == "https://example.com/"


def test_http_goes_only_where_the_operator_has_said(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]

    checked_and_resolved("http://127.0.0.1:8000/")
    for url in ("http://8.8.8.8/", "http://10.0.0.1/", "https://10.0.0.1/"):
        with pytest.raises(WebhookUrlNotAllowed):
            checked_and_resolved(url)


def rebinding(*answers: list[str]) -> Resolve:
    """Return what resolves a name to one answer after the other, the last one for ever."""
    waiting = itertools.chain(answers, itertools.repeat(answers[-1]))

    def ask(host: str, port: int) -> list[Address]:
        del host, port
        return [ip_address(text) for text in next(waiting)]

    return ask


async def posted(url: str, ask: Resolve, times: int = 1) -> list[Answer]:
    poster = Poster(10.0, 1, ask)
    try:
        return [await poster.post(url, b"{}", {}) for _ in range(times)]
    finally:
        await poster.close()


async def test_a_name_that_changes_after_the_check_leads_nowhere(
    receiver: Receiver, settings: Settings
) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.2/32")]
    url = f"http://innocent.example:{receiver.port}/hook"

    (answer,) = await posted(url, rebinding(["127.0.0.1"]))

    assert answer.outcome == "not-allowed"
    assert receiver.received == []


async def test_without_a_check_at_the_connection_it_would_lead_inside(
    receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.2/32")]
    monkeypatch.setattr(resolving, "must_be_allowed", lambda _found, *, plain: plain)
    url = f"http://innocent.example:{receiver.port}/hook"

    (answer,) = await posted(url, rebinding(["127.0.0.1"]))

    assert answer.outcome == "delivered"


async def test_a_name_is_resolved_once_and_called_where_it_was_checked(receiver: Receiver) -> None:
    url = f"http://innocent.example:{receiver.port}/hook"
    asked: list[str] = []
    ask = rebinding(["127.0.0.1"], ["10.0.0.1"])

    def counted(host: str, port: int) -> list[Address]:
        asked.append(host)
        return ask(host, port)

    receiver.decide = lambda _: Reply(headers=(("Connection", "close"),))
    first, second = await posted(url, counted, times=2)

    assert (first.outcome, second.outcome) == ("delivered", "not-allowed")
    assert asked == ["innocent.example"] * 2
    assert len(receiver.received) == 1
    assert receiver.received[0].headers["host"] == f"innocent.example:{receiver.port}"


async def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    inner = f"http://127.0.0.1:{receiver.port}/inner"
    receiver.decide = lambda _: Reply(307, headers=(("Location", inner),))

    (answer,) = await posted(receiver.url, resolving.resolve)

    assert (answer.outcome, answer.status) == ("redirected", 307)
    assert [request.path for request in receiver.received] == ["/hook"]


async def test_an_endless_answer_is_read_to_64_kib_and_no_further(receiver: Receiver) -> None:
    receiver.decide = lambda _: Reply(200, b"y" * (20 << 20))

    (answer,) = await posted(receiver.url, resolving.resolve)

    assert answer.outcome == "delivered"
    assert answer.said == "y" * 200


async def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    hung = await asyncio.start_server(_says_nothing, "127.0.0.1", 0)
    port = hung.sockets[0].getsockname()[1]
    poster = Poster(0.2, 1)
    try:
        answer = await poster.post(f"http://127.0.0.1:{port}/", b"{}", {})
    finally:
        await poster.close()
        hung.close()

    assert (answer.outcome, answer.status) == ("timed-out", None)


async def _says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()
