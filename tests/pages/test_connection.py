"""The client's rule: next is applied, old is dropped, a hole is asked for again."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute

from tests.pages.conftest import answer, sign_in
from tests.pages.rooms import ANA, BO, CY, ROOM_ID, event, person, room, seat, snapshot


class Server:
    """The other end of the room's socket, in the hands of the test."""

    def __init__(self) -> None:
        self.sockets: list[WebSocketRoute] = []
        self.heard: list[dict[str, Any]] = []

    def accept(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.on_message(lambda text: self.heard.append(json.loads(text)))

    def send(self, *frames: dict[str, Any]) -> None:
        for frame in frames:
            self.sockets[-1].send(json.dumps(frame))

    def said(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.heard if frame["type"] == kind]


@pytest.fixture
def server(page: Page) -> Server:
    """A room's page whose socket the test serves."""
    server = Server()
    page.route_web_socket("**/ws/v1/rooms/*", server.accept)
    answer(page, "**", {"title": "No sound here.", "status": 403}, status=403)
    sign_in(page)
    page.goto(f"/rooms/{ROOM_ID}")
    wait(page, lambda: server.said("auth"))
    return server


def wait(page: Page, condition: Any, within_ms: int = 4_000) -> None:
    for _ in range(within_ms // 20):
        if condition():
            return
        page.wait_for_timeout(20)
    raise AssertionError("it did not happen")


def log_of(page: Page) -> list[list[Any]]:
    log: list[list[Any]] = page.evaluate("window.spaces.log")
    return log


def joined(seq: int) -> dict[str, Any]:
    return event(seq, "participant.joined", CY, **person(CY))


def on_stage(*, muted: bool = True) -> dict[str, Any]:
    """Return the room with Bo on its stage."""
    seats = [seat(ANA, "host"), seat(BO, muted=muted)]
    state = room(role="speaker", seats=seats, listeners=[])
    state["viewer"]["can"] = ["leave", "listen", "speak", "step_down"]
    return state


def count_goodbyes(page: Page) -> None:
    """Count the last words of this page where the next one finds them; nobody else sees them."""
    page.evaluate(
        """() => {
        const { fetch } = window;
        window.fetch = (url, wish) => {
            if (wish?.keepalive && url.endsWith("/leave")) sessionStorage.goodbyes = 1;
            return fetch(url, wish);
        };
    }"""
    )


def said_goodbye(page: Page) -> bool:
    return bool(page.evaluate("sessionStorage.goodbyes === '1'"))


def test_the_first_frame_is_the_token_and_asks_for_everything(page: Page, server: Server) -> None:
    assert server.heard[0] == {"type": "auth", "token": "t"}
    assert "token" not in page.url


def test_frames_are_applied_once_and_in_order(page: Page, server: Server) -> None:
    server.send(snapshot(room()), joined(11), joined(11), joined(9), event(12, "room.renamed"))
    wait(page, lambda: len(log_of(page)) == 3)

    assert log_of(page) == [[10, "snapshot"], [11, "participant.joined"], [12, "room.renamed"]]
    assert page.evaluate("window.spaces.seq()") == 12


def test_a_hole_is_asked_for_and_not_jumped(page: Page, server: Server) -> None:
    server.send(snapshot(room()), joined(11), event(13, "room.renamed"))
    wait(page, lambda: len(server.said("auth")) == 2)
    server.send(event(12, "redacted"), event(13, "room.renamed"))
    wait(page, lambda: page.evaluate("window.spaces.seq()") == 13)

    assert server.said("auth")[1] == {"type": "auth", "token": "t", "after": 11, "epoch": "1"}
    assert [seq for seq, _ in log_of(page)] == [10, 11, 12, 13]


@pytest.mark.parametrize("code", [1012, 4009, 4013])
def test_it_comes_back_from_where_it_was(page: Page, server: Server, code: int) -> None:
    server.send(snapshot(room()), joined(11))
    wait(page, lambda: page.evaluate("window.spaces.seq()") == 11)
    chip = page.get_by_test_id("connection-chip")

    server.sockets[-1].close(code=code)
    page.locator("[data-testid=connection-chip][data-status=reconnecting]").wait_for()
    wait(page, lambda: len(server.said("auth")) == 2)
    server.send({"type": "pong"})
    page.locator("[data-testid=connection-chip]:not([data-status=reconnecting])").wait_for()

    assert server.said("auth")[1]["after"] == 11
    assert chip.inner_text() != "Reconnecting…"


def test_nonsense_brings_a_new_snapshot(page: Page, server: Server) -> None:
    server.send(snapshot(room()))
    server.sockets[-1].close(code=4001)
    wait(page, lambda: len(server.said("auth")) == 2)

    assert "after" not in server.said("auth")[1]


@pytest.mark.parametrize(
    ("code", "state"),
    [(4404, "missing"), (4403, "forbidden"), (4409, "elsewhere"), (4410, "ended")],
)
def test_a_final_code_is_told_and_not_tried_again(
    page: Page, server: Server, code: int, state: str
) -> None:
    server.sockets[-1].close(code=code)
    page.get_by_test_id(f"state-{state}").wait_for()
    page.wait_for_timeout(600)

    assert len(server.said("auth")) == 1


def test_who_opened_the_room_elsewhere_may_use_it_here(page: Page, server: Server) -> None:
    count_goodbyes(page)
    server.send(snapshot(room()))
    wait(page, lambda: log_of(page))
    server.sockets[-1].close(code=4409)
    page.get_by_test_id("state-elsewhere").wait_for()
    page.wait_for_timeout(600)
    assert len(server.said("auth")) == 1

    page.get_by_role("button", name="Use it here").click()
    wait(page, lambda: len(server.said("auth")) == 2)

    assert not said_goodbye(page)


def test_who_is_not_known_signs_in(page: Page, server: Server) -> None:
    server.sockets[-1].close(code=4004)

    page.wait_for_url(f"**/sign-in?next=%2Frooms%2F{ROOM_ID}")


def test_a_ping_is_answered(page: Page, server: Server) -> None:
    server.send({"type": "ping"})

    wait(page, lambda: server.said("pong"))


def test_who_is_not_inside_joins_once(page: Page, server: Server) -> None:
    outside = room(role=None)
    outside["viewer"]["can"] = ["join"]
    server.send(snapshot(outside), joined(11), joined(12))
    wait(page, lambda: server.said("room.join"))
    page.wait_for_timeout(200)

    assert len(server.said("room.join")) == 1


def test_who_is_told_to_have_left_by_the_former_page_joins(page: Page, server: Server) -> None:
    server.send(snapshot(room()), event(11, "participant.left", BO, **person(BO)))

    wait(page, lambda: len(server.said("room.join")) == 1)


def test_who_is_removed_does_not_join_between_the_two_events(page: Page, server: Server) -> None:
    server.send(snapshot(room()), event(11, "participant.left", ANA, **person(BO)))
    page.wait_for_timeout(100)
    server.send(event(12, "hand.raised", CY, **person(CY)))
    page.wait_for_timeout(100)
    server.send(event(13, "participant.removed", ANA, **person(BO)))
    page.get_by_test_id("state-removed").wait_for()
    page.wait_for_timeout(700)

    assert server.said("room.join") == []


def test_a_reload_keeps_the_seat(page: Page, server: Server) -> None:
    count_goodbyes(page)
    server.send(snapshot(on_stage()))
    page.get_by_test_id("stage-seat").first.wait_for()
    page.reload()
    wait(page, lambda: len(server.said("auth")) == 2)

    assert not said_goodbye(page)
    assert server.said("room.leave") == []


def test_a_listener_who_closes_the_page_says_goodbye(page: Page, server: Server) -> None:
    count_goodbyes(page)
    server.send(snapshot(room()))
    page.get_by_test_id("stage-seat").first.wait_for()
    page.reload()

    assert said_goodbye(page)


def test_a_link_out_of_the_room_gives_the_seat_back(page: Page, server: Server) -> None:
    server.send(snapshot(on_stage()))
    page.get_by_test_id("stage-seat").first.wait_for()
    page.get_by_role("link", name="All rooms").click()

    wait(page, lambda: len(server.said("room.leave")) == 1)


@pytest.mark.parametrize(("reload", "command"), [(True, None), (False, "mute.self")])
def test_only_a_reload_opens_the_microphone_by_itself(
    page: Page, server: Server, reload: bool, command: str | None
) -> None:
    page.evaluate(f"sessionStorage['spaces.consent.{ROOM_ID}'] = 'yes'")
    page.reload() if reload else page.goto(f"/rooms/{ROOM_ID}")
    wait(page, lambda: len(server.said("auth")) == 2)
    server.send(snapshot(on_stage(muted=False)))
    page.get_by_test_id("stage-seat").first.wait_for()
    page.wait_for_timeout(100)

    opening = page.get_by_test_id("mic").get_attribute("data-state") == "connecting"
    assert [frame["type"] for frame in server.heard if "ref" in frame][:1] == (
        [command] if command else []
    )
    assert opening or not reload


def test_a_host_who_answered_the_listed_hands_asks_for_those_behind(
    page: Page, server: Server
) -> None:
    host = room(ANA, "host", hand_count=60)
    host["viewer"]["can"] = ["promote", "leave", "end"]
    host["hands"] = [{**person(CY), "raised_at": "2026-01-02T03:04:05.678Z", "position": 1}]
    server.send(snapshot(host))
    page.get_by_text("and 59 more behind them").wait_for()
    server.send(event(11, "hand.lowered", ANA, **person(CY)))
    wait(page, lambda: len(server.said("auth")) == 2)

    assert "after" not in server.said("auth")[1]


def test_an_unanswered_command_is_sent_again_under_its_ref(page: Page, server: Server) -> None:
    outside = room(role=None)
    outside["viewer"]["can"] = ["join"]
    server.send(snapshot(outside))
    wait(page, lambda: server.said("room.join"))
    server.sockets[-1].close(code=1012)
    wait(page, lambda: len(server.said("auth")) == 2)
    server.send({"type": "pong"})
    wait(page, lambda: len(server.said("room.join")) == 2)

    assert server.said("room.join")[0] == server.said("room.join")[1]


def test_a_refused_command_is_shown(page: Page, server: Server) -> None:
    host = room(ANA, "host")
    host["viewer"]["can"] = ["promote", "leave", "end"]
    hand = {**person(CY), "raised_at": "2026-01-02T03:04:05.678Z", "position": 1}
    server.send(snapshot({**host, "hands": [hand]}))
    page.get_by_test_id("accept-hand").click()
    wait(page, lambda: server.said("speaker.promote"))
    ref = server.said("speaker.promote")[0]["ref"]
    server.send({"type": "error", "ref": ref, "problem": {"title": "The stage is full."}})

    page.get_by_test_id("toast").filter(has_text="The stage is full.").wait_for()
