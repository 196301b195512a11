"""Discovery: which rooms somebody finds, by lists, search, tray and inbox."""

from typing import Final

DISCOVERY: Final = "rooms_discovery"
