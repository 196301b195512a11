"""The watch over answers can fail: each kind of lie is found."""

from typing import Any

import orjson
import pytest

from tests.answers import NotAsDescribed, check_answer

ME = "/api/v1/accounts/me"
HEADERS = {"Content-Type": "application/json", "ETag": '"1"', "Position": "7"}
ACCOUNT = {
    "id": "acc_01m7w8pvrpejv87w9p5tbt7p9p", "handle": "jo", "name": "Jo", "bio": "",
    "protected": False,
    "follower_count": 0, "following_count": 0, "viewer": {"follows": False, "blocks": False},
}  # fmt: skip
PROBLEM = {"type": "/problems/x", "title": "No.", "status": 403, "code": "x"}


def answer(
    body: Any, status: int = 200, method: str = "GET", path: str = ME, query: str = "",
    sent: bytes = b"", headers: Any = HEADERS,
) -> None:  # fmt: skip
    check_answer(method, path, query, sent, status, headers, orjson.dumps(body))


def test_what_is_described_passes() -> None:
    answer(ACCOUNT)
    answer(ACCOUNT, method="PATCH", sent=b'{"bio":"Tea."}')
    answer(PROBLEM, 400, headers={"Content-Type": "application/problem+json"})


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ({"body": ACCOUNT | {"password": "secret"}}, "password"),
        ({"body": {k: v for k, v in ACCOUNT.items() if k != "bio"}}, '"bio" is a required'),
        ({"body": ACCOUNT | {"follower_count": "0"}}, "/follower_count"),
        ({"body": ACCOUNT | {"id": "17"}}, "/id"),
        ({"body": ACCOUNT | {"viewer": {"follows": True, "blocks": None}}}, "/viewer/blocks"),
        ({"body": PROBLEM, "status": 418}, "answered 418, but is described with"),
        ({"body": ACCOUNT, "status": 401}, "described as application/problem"),
        ({"body": {}, "path": "/api/v1/secrets"}, "stands in no document"),
        ({"body": ACCOUNT, "query": "verbose=1"}, "verbose, of which clients are not told"),
        ({"body": ACCOUNT, "method": "PATCH", "sent": b'{"bio":7}'}, "Mend the serializer"),
        (
            {"body": ACCOUNT, "method": "PATCH", "headers": {"Content-Type": "application/json"}},
            "without ETag and Position",
        ),
    ],
)
def test_each_kind_of_lie_is_found(lie: dict[str, Any], told: str) -> None:
    with pytest.raises(NotAsDescribed) as found:
        answer(**lie)

    assert told in str(found.value)
