"""Who is signed in where: a tab may be another person than its browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browsers import person
from tests.pages.conftest import answer
from tests.pages.rooms import ANA, BO, NAMES

FAR, PAST = "2999-01-01T00:00:00.000Z", "2001-01-01T00:00:00.000Z"
WHO = 'async () => (await import("/static/rooms/js/session.js")).session()?.account.id ?? null'
KEEP = """async ([answer, byLink]) =>
    (await import("/static/rooms/js/session.js")).keepSession(answer, { byLink })"""
FORGET = 'async () => (await import("/static/rooms/js/session.js")).forgetSession()'


@pytest.fixture
def tabs(chromium: Browser, site: str) -> Iterator[tuple[Page, Page]]:
    """Two tabs of one browser, on pages that hold nothing."""
    with person(chromium, site) as one:
        other = one.context.new_page()
        for tab in (one, other):
            tab.goto("/blank")
        yield one, other


def grant(account_id: str, expires_at: str = FAR) -> dict[str, object]:
    account = {"id": account_id, "name": NAMES[account_id], "handle": account_id[4:7]}
    return {"token": f"token of {account_id}", "expires_at": expires_at, "account": account}


def sign_in(tab: Page, account_id: str, *, by_link: bool = False, expires_at: str = FAR) -> None:
    tab.evaluate(KEEP, [grant(account_id, expires_at), by_link])


def who(tab: Page) -> str | None:
    """Return whom the tab's next page takes for signed in."""
    tab.reload()
    found: str | None = tab.evaluate(WHO)
    return found


@pytest.mark.parametrize("by_link", [True, False])
def test_a_new_tab_is_signed_in(tabs: tuple[Page, Page], by_link: bool) -> None:
    one, other = tabs
    sign_in(one, ANA, by_link=by_link)

    assert (who(one), who(other)) == (ANA, ANA)


def test_a_link_makes_one_tab_somebody_else(tabs: tuple[Page, Page]) -> None:
    one, other = tabs
    sign_in(one, ANA, by_link=True)
    sign_in(other, BO, by_link=True)

    third = one.context.new_page()
    third.goto("/blank")

    assert [who(tab) for tab in (one, other, third)] == [ANA, BO, ANA]


def test_a_password_signs_in_this_tab_and_the_browser(tabs: tuple[Page, Page]) -> None:
    one, other = tabs
    sign_in(one, ANA, by_link=True)
    sign_in(one, BO)

    assert (who(one), who(other)) == (BO, BO)


def test_a_page_stays_who_it_was(tabs: tuple[Page, Page]) -> None:
    one, other = tabs
    sign_in(one, ANA)
    assert other.evaluate(WHO) == ANA
    sign_in(one, BO)

    assert other.evaluate(WHO) == ANA
    assert who(other) == BO


def test_signing_out_signs_out_the_browser(tabs: tuple[Page, Page]) -> None:
    one, other = tabs
    sign_in(one, ANA, by_link=True)
    assert other.evaluate(WHO) == ANA
    one.evaluate(FORGET)

    assert (one.evaluate(WHO), other.evaluate(WHO)) == (None, None)


def test_signing_out_leaves_somebody_else_signed_in(tabs: tuple[Page, Page]) -> None:
    one, other = tabs
    sign_in(one, ANA)
    sign_in(other, BO, by_link=True)
    other.evaluate(FORGET)

    assert (who(one), who(other)) == (ANA, ANA)


def test_an_expired_session_is_none(tabs: tuple[Page, Page]) -> None:
    one, other = tabs
    sign_in(one, ANA, expires_at=PAST)
    assert who(one) is None
    sign_in(one, BO, by_link=True)  # nobody is signed in there
    sign_in(other, ANA, by_link=True, expires_at=PAST)

    assert (who(one), who(other)) == (BO, BO)


@pytest.mark.parametrize("by_link", [True, False])
def test_only_a_link_is_kept_for_the_tab(page: Page, by_link: bool) -> None:
    answer(page, "rooms?*", {"next": None, "previous": None, "results": []})
    answer(page, "tokens", grant(ANA))
    page.goto(f"/sign-in{'#code=secret' if by_link else ''}")
    if not by_link:
        page.get_by_test_id("field-handle").fill("ana")
        page.get_by_test_id("field-password").fill("correct horse")
        page.get_by_test_id("submit").click()
    page.get_by_test_id("empty").wait_for()

    assert page.evaluate("'spaces.session' in sessionStorage") is by_link
    assert page.evaluate("'spaces.session' in localStorage") is True
