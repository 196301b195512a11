"""People who use the product over REST."""

import json
import secrets
import urllib.request
from dataclasses import dataclass
from typing import Any

from tests.product import Product

Answer = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody signed in."""

    base_url: str
    id: str
    token: str

    def get(self, path: str) -> Answer:
        return request(self.base_url, "GET", path, token=self.token)

    def post(self, path: str, body: Answer | None = None) -> Answer:
        return request(self.base_url, "POST", path, body or {}, self.token)

    def put(self, path: str, body: Answer | None = None) -> Answer:
        return request(self.base_url, "PUT", path, body or {}, self.token)

    def delete(self, path: str) -> Answer:
        return request(self.base_url, "DELETE", path, token=self.token)


def sign_up(base_url: str, name: str) -> Person:
    """Return a new person with a handle of its own."""
    wish = {
        "handle": f"{name.lower()}_{secrets.token_hex(4)}",
        "name": name,
        "password": secrets.token_urlsafe(16),
    }
    account = request(base_url, "POST", "accounts", wish)
    return Person(base_url, account["id"], account["token"])


def sign_in(product: Product, handle: str) -> Person:
    """Return one of the demo's people, by a one-time link."""
    code = product.manage("sign_in_link", handle).strip().partition("#code=")[2]
    session = request(product.base_url, "POST", "tokens", {"code": code})
    return Person(product.base_url, session["account"]["id"], session["token"])


def request(
    base_url: str, method: str, path: str, body: Answer | None = None, token: str = ""
) -> Answer:
    """Return the JSON of a successful answer."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(  # noqa: S310 - the product under test
        f"{base_url}/api/v1/{path}", data=data, headers=headers, method=method
    )
    with urllib.request.urlopen(asked, timeout=20) as response:  # noqa: S310
        answer: Answer = json.loads(response.read() or b"{}")
        return answer
