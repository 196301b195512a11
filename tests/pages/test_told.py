"""What others did to one's own part is told to eyes and ears; what is over closes its menus."""

from playwright.sync_api import Page

from tests.pages.conftest import answer
from tests.pages.rooms import ANA, BO, CY, DEE, ROOM_ID, event, person, room, seat, snapshot
from tests.pages.server import Server, log_of, wait


def begin(page: Page, server: Server, state: dict[str, object]) -> None:
    server.send(snapshot(state))
    page.get_by_test_id("stage-seat").first.wait_for()


def toasts(page: Page) -> list[str]:
    return page.get_by_test_id("toast").locator("p").all_inner_texts()


def test_who_becomes_co_host_is_told(page: Page, server: Server) -> None:
    begin(page, server, room(role="speaker", seats=[seat(ANA, "host"), seat(BO)]))
    server.send(event(11, "cohost.appointed", **person(BO)))

    wait(page, lambda: [words[:23] for words in toasts(page)] == ["You are a co-host now: "])


def test_who_becomes_host_is_told_and_is_muted_by_nobody(page: Page, server: Server) -> None:
    begin(page, server, room(role="speaker", seats=[seat(ANA, "host"), seat(BO, muted_by=ANA)]))
    page.get_by_test_id("dock-caption").get_by_text("Muted by host").wait_for()
    said = {**person(BO), "former_host_id": ANA, "cause": "handed_over"}
    server.send(event(11, "host.handed_over", **said))
    wait(page, lambda: [words[:21] for words in toasts(page)] == ["You are the host now:"])

    assert page.get_by_test_id("dock-caption").inner_text() == "Mic is off"


def test_who_muted_is_told_as_it_was(page: Page, server: Server) -> None:
    seats = [seat(ANA, "host"), seat(CY, "cohost"), seat(BO, muted=False)]
    begin(page, server, room(role="speaker", seats=seats, cohost_ids=[CY]))
    server.send(event(11, "speaker.muted", CY, **person(BO)))
    caption = page.get_by_test_id("dock-caption")
    caption.get_by_text("Muted by co-host").wait_for()
    wait(page, lambda: any("You were muted by a co-host." in words for words in toasts(page)))
    server.send(event(12, "cohost.dismissed", **person(CY)))
    caption.get_by_text("Muted by host or co-host").wait_for()

    seat_words = page.locator(f"[data-testid=stage-seat][data-account-id={BO}] .seat-role")
    assert seat_words.inner_text() == "Muted by host or co-host"


def test_a_refused_hand_is_told_and_a_lowered_one_is_not(page: Page, server: Server) -> None:
    begin(page, server, room())
    server.send(event(11, "hand.raised", BO, **person(BO)))
    server.send(event(12, "hand.lowered", BO, **person(BO)))
    wait(page, lambda: len(log_of(page)) == 3)
    assert toasts(page) == []

    server.send(event(13, "hand.raised", BO, **person(BO)), event(14, "hand.lowered", **person(BO)))

    wait(page, lambda: toasts(page) == ["Your hand was put down. You may ask again in a while."])


def test_everybody_is_told_who_hosts_now(page: Page, server: Server) -> None:
    begin(page, server, room(seats=[seat(ANA, "host"), seat(CY)]))
    said = {**person(CY), "former_host_id": ANA, "cause": "handed_over"}
    server.send(event(11, "host.handed_over", **said))

    wait(page, lambda: [words.endswith(" is the host now.") for words in toasts(page)] == [True])


def test_a_menu_does_not_outlive_the_room(page: Page, server: Server) -> None:
    begin(page, server, room())
    page.get_by_test_id("react").click()
    page.get_by_test_id("reaction-grid").wait_for()
    server.send(event(11, "room.ended", reason="host"))
    page.get_by_test_id("state-ended").wait_for()

    wait(page, lambda: page.get_by_test_id("reaction-grid").count() == 0)


def test_a_host_is_asked_before_leaving_others(page: Page, server: Server) -> None:
    answer(page, "rooms?*", {"next": None, "previous": None, "results": []})
    begin(page, server, room(ANA, "host"))
    page.get_by_test_id("leave").click()
    page.get_by_test_id("confirm-no").click()
    assert page.url.endswith(ROOM_ID)
    assert server.said("room.leave") == []

    page.get_by_test_id("leave").click()
    page.get_by_test_id("confirm-yes").click()

    wait(page, lambda: len(server.said("room.leave")) == 1)


def test_leaders_read_who_was_put_out_by_whom_and_the_host_lets_them_back(
    page: Page, server: Server
) -> None:
    host = room(ANA, "host")
    host["viewer"]["can"] = ["remove", "lift_removal", "invite", "pin"]
    path, about = f"rooms/{ROOM_ID}/removed", {"at": "2026-01-02T03:04:05.678Z", "by": person(BO)}
    first = {**person(CY), **about, "liftable": True}
    second = {**person(DEE), **about, "by": None, "liftable": False}
    following = f"https://rooms.example/api/v1/{path}?cursor=two"
    answer(page, f"{path}?limit=*", {"next": following, "results": [first]})
    answer(page, f"{path}?cursor=two", {"next": None, "results": [second]})
    begin(page, server, host)
    page.get_by_test_id("room-menu").click()
    page.get_by_test_id("removed-people").click()
    page.get_by_role("button", name="Show more").click()
    rows = page.get_by_test_id("removed-person")
    wait(page, lambda: rows.count() == 2)
    assert "by Bo Lindqvist, " in rows.first.inner_text()
    assert page.get_by_test_id("let-back").count() == 1

    page.get_by_test_id("let-back").click()
    wait(page, lambda: server.said("removal.lift"))
    ref = server.said("removal.lift")[0]["ref"]
    server.send({"type": "ack", "ref": ref, "seq": 11})
    wait(page, lambda: rows.count() == 1)

    assert server.said("removal.lift")[0]["data"] == {"account_id": CY}
    assert page.evaluate("document.activeElement.localName") == "h2"
