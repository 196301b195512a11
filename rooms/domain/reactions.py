"""What people may throw at a stage: twelve emoji, and nothing else."""

from typing import Final

EMOJI: Final = ("👏", "❤️", "😂", "😮", "😢", "🙏", "👍", "👎", "🔥", "🎉", "💯", "👋")
_VARIATION: Final = "\ufe0f"  # some keyboards leave it out
_KNOWN: Final = {emoji.replace(_VARIATION, ""): emoji for emoji in EMOJI}


def known_emoji(text: str) -> str | None:
    """Return the emoji of the set that a text is; None if it is none of them."""
    return _KNOWN.get(text.replace(_VARIATION, ""))
