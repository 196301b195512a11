"""Real Chromium for the tests, with a microphone that plays a file."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

# Nothing here may call home: a test machine has no network, and each refused look-up costs time.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
)
# A page in the background is slowed down; two people talk in two pages at once.
AWAKE = (
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)
MICROPHONE = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)


def chromium_path() -> str:
    """Where the system's Chromium is; the launcher installs it before the tests."""
    path = os.environ.get("SPACES_CHROMIUM") or shutil.which("chromium")
    assert path, "Chromium is missing. Type: ./spaces test"
    return path


@contextlib.contextmanager
def browser(playwright: Playwright, speech: Path | None = None) -> Iterator[Browser]:
    """A browser whose microphone plays ``speech`` (48 kHz mono 16 bit WAV) round and round."""
    flags = [*QUIET, *AWAKE, *MICROPHONE]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    if speech is not None:
        flags.append(f"--use-file-for-fake-audio-capture={speech}")
    launched = playwright.chromium.launch(
        executable_path=chromium_path(), headless=True, args=flags
    )
    try:
        yield launched
    finally:
        launched.close()


@contextlib.contextmanager
def person(
    browser: Browser, base_url: str, *, microphone: bool = True, **options: object
) -> Iterator[Page]:
    """A page in a profile of its own: another person at another machine."""
    context: BrowserContext = browser.new_context(
        base_url=base_url,
        permissions=["microphone"] if microphone else [],
        **options,  # type: ignore[arg-type]
    )
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver. Not for the whole session: while it runs, asyncio tests cannot."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A browser with the beeping microphone that Chromium brings."""
    with browser(playwright) as launched:
        yield launched
