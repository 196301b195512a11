"""The client's rule: next is applied, old is dropped, a hole is asked for again."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.pages.rooms import ANA, BO, CY, ROOM_ID, event, person, room, snapshot
from tests.pages.server import Server, log_of, wait


def joined(seq: int) -> dict[str, Any]:
    return event(seq, "participant.joined", CY, **person(CY))


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

    assert server.said("auth")[1]["after"] == 11
    wait(page, lambda: chip.inner_text() != "Reconnecting…")


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


def test_a_host_invites_somebody_to_speak_who_did_not_ask(page: Page, server: Server) -> None:
    host = room(ANA, "host")
    host["viewer"]["can"] = ["promote", "invite_to_speak", "remove", "leave", "end"]
    server.send(snapshot(host))
    page.get_by_role("button", name="Actions for Bo").click()
    page.get_by_test_id("invite-to-speak").click()
    wait(page, lambda: server.said("speaker.invite"))

    assert server.said("speaker.invite")[0]["data"] == {"account_id": BO}


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


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("delayed", "Delayed: this network blocks live audio"),
        ("unheard", "No sound: this network blocks live audio"),
    ],
)
def test_the_chip_says_once_that_the_network_blocks_live_audio(
    page: Page, server: Server, line: str, words: str
) -> None:
    server.send(snapshot(room()))
    wait(page, lambda: page.evaluate("window.spaces.seq()") == 10)
    script = """async (line) => {
      const { dockView } = await import("/static/rooms/js/dock-view.js");
      const view = dockView({});
      window.said = [];
      const says = new MutationObserver(() => said.push(announcer.textContent));
      says.observe(announcer, { childList: true, characterData: true, subtree: true });
      const room = window.spaces.state();
      for (const each of ["good", line, line]) view.render(room, { mic: "closed" }, each);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return [view.element.querySelector(".chip").textContent, said.filter(Boolean)];
    }"""

    assert page.evaluate(script, line) == [words, [words]]
