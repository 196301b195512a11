"""Pages with made-up people in every state that people meet."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, WebSocketRoute

from tests.pages.conftest import answer, sign_in
from tests.pages.rooms import (
    ANA,
    AT,
    BO,
    CY,
    DEE,
    NAMES,
    ROOM_ID,
    Frame,
    Room,
    event,
    person,
    room,
    seat,
    snapshot,
)

LEADS = ["promote", "demote", "mute", "mute_all", "remove", "invite_to_speak", "invite", "pin"]
HOSTS = [
    *("end", "change_policies", "change_card", "block", "lift_removal", "invite_followers"),
    *("appoint_cohost", "dismiss_cohost", "hand_over"),
]
HOST_CAN = ["leave", "listen", "react", "speak", "mute_self", *LEADS, *HOSTS]
FAR = "2999-01-01T00:00:00.000Z"


def busy_room() -> Room:
    """Return Ana's room with everything in it that can be seen."""
    shown = room(ANA, "host", participant_count=5, listeners=[person(DEE)])
    shown["title"] = NAMES[CY]
    shown["topic_ids"] = ["travel", "railways"]
    shown["seats"] = [
        seat(ANA, "host", muted=False),
        seat(CY, muted=True, muted_by=ANA),
        seat(BO, "cohost", away=True),
    ]
    shown["cohost_ids"] = [BO]
    shown["hands"] = [{**person(DEE), "raised_at": AT, "position": 1}]
    shown["hand_count"] = 1
    shown["pins"] = [pin("pin_1", "https://example.org/"), pin("pin_2", None)]
    shown["viewer"]["can"] = HOST_CAN
    return shown


def pin(pin_id: str, url: str | None) -> dict[str, object]:
    """Return something pinned."""
    said = {"text": "The timetable", "url": url, "pinned_by": ANA, "pinned_at": AT}
    return {"pin_id": pin_id, **said}


def troubled_room() -> Room:
    """Return the room as Bo sees it when all goes wrong: everything that a banner says."""
    shown = {**busy_room(), "ending_at": FAR}
    shown["seats"] = [seat(ANA, "host", away=True), seat(CY)]
    viewer = room()["viewer"]
    warning = {"code": "blocked-speaker", "account_id": CY}
    return {**shown, "viewer": {**viewer, "may_ask_from": FAR, "warnings": [warning]}}


def unanswered(message: str | bytes) -> None:
    """Hear it and say nothing: without a handler the socket would be connected to a server."""


def play_room(page: Page, state: Room, *frames: Frame) -> None:
    """Serve the socket of a room, and a tray with somebody in it."""

    def accept(socket: WebSocketRoute) -> None:
        socket.on_message(unanswered)
        for frame in (snapshot(state), *frames):
            socket.send(json.dumps(frame))

    def accept_tray(socket: WebSocketRoute) -> None:
        socket.on_message(unanswered)
        entry = {**person(ANA), "role": "host", "room": listed()}
        socket.send(json.dumps({"type": "tray", "entries": [entry]}))

    page.route_web_socket("**/ws/v1/rooms/*", accept)
    page.route_web_socket("**/ws/v1/tray", accept_tray)


def listed() -> Room:
    """Return a room as tray and inbox show it."""
    return {"id": ROOM_ID, "title": NAMES[CY], "state": "live", "host": person(ANA)}


def play_api(page: Page) -> None:
    """Answer what the pages ask."""
    answer(page, "**", {"title": "Not here.", "status": 403}, status=403)
    answer(page, "rooms?*", {"next": None, "previous": None, "results": [busy_room()]})
    item = {"kind": "speak", "room": listed(), "by": person(DEE), "at": AT, "expires_at": FAR}
    answer(page, "accounts/me/inbox?*", {"next": None, "previous": None, "results": [item]})
    viewer = {"follows": False, "blocks": False}
    account = {"handle": "ana", "bio": "Trains.", "follower_count": 41, "following_count": 8}
    for path, account_id in (("accounts/me", ANA), ("accounts/acc_*", DEE)):
        known = {"id": account_id, "name": NAMES[account_id], "protected": False, "viewer": viewer}
        answer(page, path, {**account, **known})
    answer(
        page,
        "accounts/me/hosting",
        {"may_host": False, "detail": "Not yet.", "followers": 41, "followers_needed": 600},
    )
    blocked = {"next": None, "previous": None, "results": [person(CY)]}
    answer(page, "accounts/me/blocked?*", blocked)
    out = {**person(DEE), "by": person(ANA), "at": AT, "liftable": True}
    answer(page, f"rooms/{ROOM_ID}/removed?*", {"next": None, "previous": None, "results": [out]})


def open_page(page: Page, name: str) -> None:
    """Open one of the pages with made-up people in it."""
    play_api(page)
    if name in OUTSIDE:
        OUTSIDE[name](page)
        return
    account_id, state, frames = ROOMS.get(name, (ANA, busy_room(), []))
    sign_in(page, account_id)
    play_room(page, state, *frames)
    if name in LOBBIES:
        page.goto("/")
        page.get_by_test_id("room-card").first.wait_for()
        LOBBIES[name](page)
        return
    page.goto(f"/rooms/{ROOM_ID}")
    page.get_by_test_id("stage-seat").first.wait_for()
    INSIDE[name](page)


def press(*testids: str) -> Callable[[Page], None]:
    """Return what presses one after the other, and waits for the last."""

    def pressing(page: Page) -> None:
        for testid in testids[:-1]:
            page.get_by_test_id(testid).locator("visible=true").first.click()
        page.get_by_test_id(testids[-1]).locator("visible=true").first.wait_for()

    return pressing


def _no_page(page: Page) -> None:
    page.goto("/nothing-here")
    page.get_by_test_id("state-no-page").wait_for()


def _sign_in(page: Page) -> None:
    page.goto("/sign-in")


def _register(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_test_id("to-register").click()
    page.get_by_test_id("submit").click()


def _mini(page: Page) -> None:
    page.get_by_role("link", name="All rooms").click()
    press("mini-player")(page)


def _ended(page: Page) -> None:
    sign_in(page, BO)
    play_room(page, room(), event(11, "room.ended", reason="empty"))
    page.goto(f"/rooms/{ROOM_ID}")
    press("state-ended")(page)


def at_the_door(page: Page) -> None:
    """Open a public room as somebody who is not signed in."""
    people = [person(ANA), person(CY), person(DEE)]
    about = {"host": person(ANA), "host_id": ANA, "participant_count": 12, "on_stage": people}
    answer(page, f"rooms/{ROOM_ID}/door", {**listed(), **about})
    page.goto(f"/rooms/{ROOM_ID}")
    press("listen")(page)


def _naming(page: Page) -> None:
    guest = {"id": BO, "name": "Guest", "handle": "guest-0000000000000000"}
    answer(page, "accounts/guests", {**guest, "token": "t", "expires_at": FAR}, status=201)
    play_room(page, room())
    at_the_door(page)
    press("listen", "raise-hand", "name-dialog")(page)
    press("name-submit", "name-submit")(page)  # with nothing in it


OUTSIDE = {
    "door": at_the_door,
    "naming": _naming,
    "ended": _ended,
    "no-page": _no_page,
    "sign-in": _sign_in,
    "register": _register,
}
LOBBIES = {
    "lobby": press("inbox"),
    "start": press("start-room", "field-topics"),
    "own-profile": press("account", "own-profile", "unblock"),
}
INSIDE: dict[str, Callable[[Page], None]] = {
    "room": press("stage-seat"),
    "listener": press("raise-hand"),
    "speaker": press("mic"),
    "troubled": press("banner-blocked-speaker"),
    "menu": press("person-menu", "profile"),
    "profile": press("person-menu", "profile", "follow"),
    "removal": press("person-menu", "remove", "field-reason"),
    "manage": press("room-menu", "mute-all"),
    "invite": press("room-menu", "invite", "invite-followers"),
    "pin": press("room-menu", "pin-something", "field-url"),
    "card": press("room-menu", "edit-room", "field-topics"),
    "removed": press("room-menu", "removed-people", "let-back"),
    "reactions": press("react", "reaction-grid"),
    "consent": press("accept-invitation", "mic-meter"),
    "mini": _mini,
}
ROOMS: dict[str, tuple[str, Room, list[Frame]]] = {
    "listener": (BO, {**busy_room(), "seats": [seat(CY)], "viewer": room()["viewer"]}, []),
    "speaker": (BO, room(role="speaker", seats=[seat(ANA, "host"), seat(BO, muted_by=ANA)]), []),
    "troubled": (BO, troubled_room(), []),
    "consent": (BO, room(), [event(11, "speaker.invited", **person(BO), expires_at=FAR)]),
}
