"""The TypeScript client compiles, strictly, and gets through an evening with the product."""

import json
from pathlib import Path

import pytest

from spaces_project.interface.clients.model import calls, camel
from spaces_project.interface.clients.write import write_clients
from tests.consumers.conftest import everybody_hosts, filled
from tests.interface import node
from tests.kernel.processes import running_web

__all__ = ["everybody_hosts", "filled"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client, compiled."""
    folder = tmp_path_factory.mktemp("clients")
    write_clients(folder)
    node.compiled(folder / "typescript")
    return folder / "typescript"


def test_it_compiles_and_has_every_operation(client: Path) -> None:
    told = (client / "dist" / "operations.d.ts").read_text("utf-8")

    assert '"strict": true' in (client / "tsconfig.json").read_text("utf-8")
    for call in calls():
        assert f"export declare function {camel(call.id)}(http: Http" in told


def test_a_wrong_use_does_not_compile(tmp_path: Path) -> None:
    write_clients(tmp_path)
    wrong = tmp_path / "typescript" / "src" / "wrong.ts"
    wrong.write_text(
        'import { Http, joinRoom } from "./index.js";\n'
        'export const answer = joinRoom(new Http({ baseUrl: "" }), { room: "room_x" });\n'
    )

    with pytest.raises(AssertionError, match=r"wrong\.ts.*room"):
        node.compiled(tmp_path / "typescript")


@pytest.mark.databases
@pytest.mark.usefixtures("filled", "everybody_hosts")
def test_an_evening_with_the_running_product(client: Path) -> None:
    with running_web() as web:
        told = json.loads(node.evening(client, web.base_url))
    print(f"WebSocket of Node's own: {told['own']}")

    seqs = [seq for seq, _ in told["events"]]
    kinds = [kind for _, kind in told["events"]]
    assert len(told["snapshots"]) == 1  # the reconnect resumed
    assert told["snapshots"][0][1] == "live"
    assert seqs == list(range(told["snapshots"][0][0] + 1, seqs[-1] + 1))
    assert kinds[0] == "hand.raised"
    assert {"speaker.promoted", "speaker.unmuted", "speaker.muted"} <= set(kinds)
    assert told["raised"] == seqs[0]
    assert told["replayed"] == [False, True, True]
    assert told["location"].startswith("/api/v1/rooms/room_")
    assert told["refused"] == "host-only"
    assert told["problem"][0] in {403, 409}
    assert (told["title"], told["same"], told["listed"]) == ("Evening talk", 304, True)
    assert told["history"] == list(range(1, len(told["history"]) + 1))
    assert told["over"] == 4410
