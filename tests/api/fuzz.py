"""Every operation asked in every role, with what fits its description and with what does not."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from accounts import commands as accounts
from rooms import commands as rooms
from spaces_project.interface.described import FORWARDED
from spaces_project.interface.openapi import openapi
from spaces_project.kernel.refusals import ProjectionBehind
from tests.answers import NotAsDescribed
from tests.api.scenes import Caller, Evening, acc
from tests.full_size import reached
from tests.projections.scenes import catch_up, give_seat, someone

ROLES: Final = (
    "anonymous", "stranger", "listener", "speaker", "cohost", "host", "removed", "blocked", "key",
)  # fmt: skip
THERE: Final = 0.8  # how often an address is of something that there is
ELSEWHERE: Final = frozenset(operation.id for operation in FORWARDED.values())
MODES: Final = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
FIVE_HUNDRED: Final = 500
Ask = tuple[str, str, Any, dict[str, str]]


@dataclass
class Fuzzed:
    """What came of it."""

    seed: int
    asked: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        spread = ", ".join(f"{status}: {n}" for status, n in sorted(self.statuses.items()))
        asked = f"{self.asked} requests to {len(self.operations)} operations"
        return f"seed {self.seed}: {asked}; {spread}"


class Night(Evening):
    """An evening with a co-host, and with a server that has a key of the host's."""

    def __init__(self) -> None:
        super().__init__()
        gus = someone(f"gus_{self.id[-8:]}")
        rooms.join(room_id=self.room_id, account_id=gus)
        give_seat(self.room_id, gus, by=self.ana)
        rooms.appoint_cohost(room_id=self.room_id, account_id=gus, by=self.ana)
        key = accounts.make_key(account_id=self.ana, name="fuzz", scopes=[*accounts.OWN_SCOPES])
        with_key = Caller(None)
        with_key.client.credentials(HTTP_AUTHORIZATION=f"Bearer {key.secret}")
        self.by_role |= {"cohost": Caller(gus), "key": with_key}
        self.accounts = ["me", *map(acc, (self.ana, self.bo, self.cy, self.di, self.ed, gus))]
        catch_up()


def fuzz(each: int, number: int, only: frozenset[str] = frozenset()) -> Fuzzed:
    """Ask each operation so many times in each role; collect what is wrong with the answers.

    :param only: the names of the operations to ask; all of them if empty.
    """
    outcome = Fuzzed(number)
    chance = random.Random(number)
    night = Night()
    for operation in _operations(only):
        outcome.operations.add(operation.label)
        reached(f"operation {len(outcome.operations)}, {outcome.asked} requests")
        roles = _cycle(chance)

        def ask(case: Case[Any], night: Night = night, roles: Iterator[str] = roles) -> None:
            _ask(outcome, night, case, next(roles), chance)

        _draw(operation, each * len(ROLES), number, ask)
        if night.host.ask(f"GET {night.path}").json().get("state") != "live":
            night = Night()
        catch_up()
    return outcome


def _operations(only: frozenset[str]) -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(openapi())
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        if name not in ELSEWHERE and (name in only or not only):
            yield operation


def _cycle(chance: random.Random) -> Iterator[str]:
    while True:
        yield from chance.sample(ROLES, len(ROLES))


def _draw(operation: Any, examples: int, number: int, ask: Any) -> None:
    """Let Hypothesis make up requests; nothing is shrunk, because nothing raises."""
    cases = [operation.as_strategy(generation_mode=mode) for mode in _possible(operation)]

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(cases))
    def each(case: Case[Any]) -> None:
        ask(case)

    each()


def _possible(operation: Any) -> tuple[GenerationMode, ...]:
    return MODES if any(operation.iter_parameters()) or operation.body else MODES[:1]


def _ask(outcome: Fuzzed, night: Night, case: Case[Any], role: str, chance: random.Random) -> None:
    known = {"room_id": [night.id], "account_id": night.accounts, "account": night.accounts[1:]}
    for name in case.path_parameters or {}:
        if name in known and chance.random() < THERE:
            case.path_parameters[name] = chance.choice(known[name])
    if "wait" in (case.query or {}):
        case.query["wait"] = 0  # waiting is no answer's shape
    asked = _request(case)
    if asked is None:
        return
    method, path, body, headers = asked
    client: APIClient = night.by_role[role].client
    line = f"{role}: {case.as_curl_command()}"
    outcome.asked += 1
    try:
        answer = client.generic(
            method, path, body, headers.pop("Content-Type", "application/json"), headers=headers
        )
    except NotAsDescribed as fault:
        outcome.faults.append(f"{line}\n{fault}")
        return
    outcome.statuses[answer.status_code] += 1
    if answer.status_code >= FIVE_HUNDRED and answer.json()["code"] != ProjectionBehind.code:
        outcome.faults.append(f"{line}\n{answer.status_code} {answer.content[:500]!r}")


def _request(case: Case[Any]) -> Ask | None:
    """Return a made up request as it would go over the wire; None if it cannot."""
    words = case.as_transport_kwargs(base_url="http://testserver")
    names = ("method", "url", "headers", "data", "json", "params", "cookies")
    try:
        request = requests.Request(**{n: words[n] for n in names if n in words}).prepare()
    except (requests.RequestException, UnicodeError):
        return None
    headers = {
        name: value.decode("latin-1") if isinstance(value, bytes) else value
        for name, value in request.headers.items()
        if name not in ("Authorization", "Content-Length", "User-Agent")
    }
    parts = urlsplit(str(request.url))
    body: Any = request.body or b""
    return (
        str(request.method),
        parts.path + (f"?{parts.query}" if parts.query else ""),
        body.encode() if isinstance(body, str) else bytes(body),
        headers,
    )
