"""Refusals and their problem documents (RFC 9457)."""

import re
from http import HTTPStatus

import pytest
from rest_framework import exceptions

from spaces_project.kernel.ids import new_id
from spaces_project.kernel.refusals import (
    Contended,
    InvalidRequest,
    Kind,
    Refusal,
    Unexpected,
    every_refusal,
    reason_phrase,
)
from spaces_project.kernel.web.problems import problem_response, refusal_of
from tests.kernel.jars import JarIsFull

CODE = re.compile(r"[a-z]+(-[a-z]+)*")
OURS = [each for each in every_refusal() if not each.__module__.startswith("tests.")]


def test_a_problem_document_has_the_members_of_the_standard_and_the_facts() -> None:
    account_id = new_id()

    document = JarIsFull("Five is enough.", most=5, account_id=account_id).problem("req_1")

    assert document == {
        "type": "/problems/jar-is-full",
        "title": "The jar is full.",
        "status": 409,
        "code": "jar-is-full",
        "detail": "Five is enough.",
        "request_id": "req_1",
        "most": 5,
        "account_id": str(account_id),
    }


def test_a_refusal_without_detail_says_its_title() -> None:
    assert str(Contended()) == Contended.title
    assert "detail" not in Contended().problem()
    assert "request_id" not in Contended().problem()


def test_every_code_is_one_refusal_and_every_refusal_says_what_to_do() -> None:
    codes = [each.code for each in OURS]

    assert len(codes) == len(set(codes))
    assert [code for code in codes if not CODE.fullmatch(code)] == []
    assert [each for each in OURS if len((each.__doc__ or "").split()) < 5] == []
    assert [each for each in OURS if not each.title.endswith(".")] == []


def test_every_kind_is_a_status_that_http_knows() -> None:
    for kind in Kind:
        assert reason_phrase(kind) == HTTPStatus(kind.value).phrase


def test_the_unknown_is_told_without_a_word_of_what_broke() -> None:
    found = refusal_of(RuntimeError("the password is sesame"))

    assert isinstance(found, Unexpected)
    assert "sesame" not in str(found.problem("req_1"))


def test_wrong_members_are_pointed_at() -> None:
    wrong = exceptions.ValidationError({"title": ["Too long."], "topics": {"1": ["No."]}})

    found = refusal_of(wrong)

    assert isinstance(found, InvalidRequest)
    assert found.facts["errors"] == [
        {"pointer": "/title", "detail": "Too long."},
        {"pointer": "/topics/1", "detail": "No."},
    ]


def test_an_answer_says_when_to_come_back() -> None:
    class TryLater(Refusal):
        """Come back later, when this test is over."""

        kind, code, title = Kind.UNAVAILABLE, "try-later", "Try later."

    response = problem_response(TryLater(retry_after_s=7), None)

    assert response.status_code == 503
    assert response["Retry-After"] == "7"
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("refusal", OURS, ids=lambda refusal: refusal.code)
def test_every_refusal_can_be_shown(refusal: type[Refusal]) -> None:
    assert refusal().problem()["status"] == refusal.kind.value
