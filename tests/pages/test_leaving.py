"""Coming, going and coming back: who keeps what over a reload, a link, another tab."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.pages.conftest import answer
from tests.pages.rooms import ANA, BO, CY, ROOM_ID, event, person, room, seat, snapshot
from tests.pages.server import Server, log_of, wait


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


@pytest.mark.parametrize("role", ["removed", None])
def test_who_was_put_out_asks_again_and_comes_in_when_the_host_lets_them(
    page: Page, server: Server, role: str | None
) -> None:
    server.send(snapshot(room()), event(11, "participant.removed", ANA, **person(BO), reason="Hm."))
    page.get_by_test_id("state-removed").get_by_text("Hm.").wait_for()
    answer(page, f"rooms/{ROOM_ID}", room(role=role))
    page.get_by_test_id("again").click()
    if role == "removed":
        page.get_by_test_id("toast").filter(has_text="has not let you back in").wait_for()
    else:
        wait(page, lambda: len(server.said("auth")) == 2)

    assert len(server.said("auth")) == (1 if role == "removed" else 2)


@pytest.mark.parametrize(
    ("status", "state"), [(200, "removed"), (403, "removed"), (None, "unclear")]
)
def test_a_socket_that_is_closed_for_good_says_why_and_offers_a_way_back(
    page: Page, server: Server, status: int | None, state: str
) -> None:
    server.send(snapshot(room()))
    page.get_by_test_id("stage-seat").first.wait_for()
    if status is None:
        page.route(f"**/api/v1/rooms/{ROOM_ID}", lambda route: route.abort())
    elif status == 200:
        answer(page, f"rooms/{ROOM_ID}", room(role="removed"))
    server.sockets[-1].close(code=4403)
    page.get_by_test_id(f"state-{state}").wait_for()

    assert page.get_by_test_id("again").is_visible()


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


def test_a_link_out_of_the_room_stays_in_it(page: Page, server: Server) -> None:
    answer(page, "rooms?*", {"next": None, "previous": None, "results": []})
    server.send(snapshot(on_stage()))
    page.get_by_test_id("stage-seat").first.wait_for()
    page.get_by_role("link", name="All rooms").click()
    page.get_by_test_id("mini-player").get_by_text("Night trains").wait_for()
    server.send(event(11, "title.changed", title="Day trains"))
    page.get_by_test_id("mini-player").get_by_text("Day trains").wait_for()
    page.get_by_test_id("mini-back").click()
    page.get_by_test_id("stage-seat").first.wait_for()

    assert (server.said("room.leave"), len(server.said("auth"))) == ([], 1)
    assert page.get_by_test_id("mini-player").count() == 0


def test_the_mini_player_leaves(page: Page, server: Server) -> None:
    answer(page, "rooms?*", {"next": None, "previous": None, "results": []})
    server.send(snapshot(room()))
    page.get_by_test_id("stage-seat").first.wait_for()
    page.get_by_role("link", name="All rooms").click()
    page.get_by_test_id("mini-leave").click()

    wait(page, lambda: len(server.said("room.leave")) == 1)
    wait(page, lambda: page.get_by_test_id("mini-player").count() == 0)


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


@pytest.mark.parametrize("told", [True, False])
def test_who_ends_the_room_is_not_told_to_be_out(page: Page, server: Server, told: bool) -> None:
    host = room(ANA, "host")
    host["viewer"]["can"] = ["leave", "end"]
    server.send(snapshot(host))
    page.get_by_test_id("end-room").click(delay=1_200)
    wait(page, lambda: server.said("room.end"))
    server.send(event(11, "room.ended")) if told else server.sockets[-1].close(code=4410)
    page.get_by_test_id("state-ended").wait_for()
    page.wait_for_timeout(200)

    assert page.get_by_test_id("toast").count() == 0
