"""While nobody answers for the sound, the page asks less and less often, and says so once."""

from playwright.sync_api import Page, Route

from tests.pages.rooms import room, snapshot
from tests.pages.server import Server, wait


def test_the_pauses_grow(workshop: Page) -> None:
    script = """async () => {
        const { patience } = await import("/static/rooms/js/audio.js");
        const pauses = (attempt) => [patience(attempt, () => 0), patience(attempt, () => 1)];
        return [...Array(10).keys()].map(pauses);
    }"""
    pauses: list[list[float]] = workshop.evaluate(script)

    most = [400, 800, 1600, 3200, 3200, 3200, 6400, 12800, 15000, 15000]
    assert [longest for _, longest in pauses] == most
    assert [shortest for shortest, _ in pauses] == [longest / 2 for longest in most]


def test_it_is_said_once_and_tried_at_once_when_the_network_is_back(
    page: Page, server: Server
) -> None:
    asked: list[str] = []

    def nobody(route: Route) -> None:
        asked.append(route.request.url)
        patience = {"retry_after_s": 3600} if len(asked) == 4 else {}
        route.fulfill(status=503, json={"title": "Nobody is here.", "status": 503, **patience})

    page.route("**/whep", nobody)
    server.send(snapshot(room()))
    away = page.get_by_test_id("toast").filter(has_text="There is no sound for now.")
    away.wait_for()
    wait(page, lambda: len(asked) == 4)
    page.wait_for_timeout(100)  # the answer arrives, and an hour's pause begins
    assert away.count() == 1

    page.evaluate("dispatchEvent(new Event('online'))")
    wait(page, lambda: len(asked) == 5)
