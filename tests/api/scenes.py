"""What tests of rooms over REST say often."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from rest_framework.test import APIClient

from rooms import commands
from spaces_project.kernel.authentication import issue_token
from spaces_project.kernel.ids import public
from tests.projections.scenes import catch_up, give_seat, live_room, someone

ROOMS = "/api/v1/rooms"
NIGHTS = count(1)
PROBLEM = "application/problem+json"


class Caller:
    """Somebody who asks over REST; ``None``: nobody known."""

    def __init__(self, account_id: UUID | None, roles: frozenset[str] = frozenset()) -> None:
        self.client = APIClient()
        if account_id is not None:
            token = issue_token(account_id, roles, timedelta(minutes=5))
            self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    def ask(self, line: str, body: Any = None, **headers: str) -> Any:
        """Send ``METHOD path`` with a JSON body; ``If_Match="1"`` is a header."""
        method, path = line.split(" ", 1)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        send = getattr(self.client, method.lower())
        if method == "GET":
            return send(f"/api/v1/{path}", headers=named)
        return send(f"/api/v1/{path}", body or {}, format="json", headers=named)


def acc(account_id: UUID) -> str:
    """Return an account as it stands in an address."""
    return public("acc", account_id)


def said(response: Any) -> tuple[int, str]:
    """Return the status and the code of a problem."""
    assert response["Content-Type"] == PROBLEM, response.content
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["type"] == f"/problems/{problem['code']}"
    assert problem["title"]
    assert problem["request_id"]
    return response.status_code, problem["code"]


class Evening:
    """Ana hosts; Bo speaks, Cy listens, Di was removed, Ed was blocked, Flo is a stranger."""

    def __init__(self) -> None:
        night = next(NIGHTS)
        names = [f"{name}_{night}" for name in ("ana", "bob", "cyd", "diana", "edgar", "flora")]
        self.ana, self.bo, self.cy, self.di, self.ed, self.flo = map(someone, names)
        inside = (self.bo, self.cy, self.di, self.ed)
        self.room_id = live_room(self.ana, *inside, description="Green")
        give_seat(self.room_id, self.bo, by=self.ana)
        commands.remove(room_id=self.room_id, account_id=self.di, by=self.ana, reason="rude")
        commands.block(room_id=self.room_id, account_id=self.ed, by=self.ana)
        catch_up()
        self.id = public("room", self.room_id)
        self.path = f"rooms/{self.id}"
        roles = {
            "anonymous": None, "stranger": self.flo, "listener": self.cy, "speaker": self.bo,
            "host": self.ana, "removed": self.di, "blocked": self.ed,
        }  # fmt: skip
        self.by_role = {role: Caller(account_id) for role, account_id in roles.items()}
        self.host, self.stranger = self.by_role["host"], self.by_role["stranger"]
        self.listener, self.speaker = self.by_role["listener"], self.by_role["speaker"]
        self.removed, self.blocked = self.by_role["removed"], self.by_role["blocked"]
