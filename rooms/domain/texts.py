"""Texts that people write: normalised, bounded, without control characters."""

import unicodedata

from rooms.domain.errors import BadText

LINE_BREAK = "\n"


def clean_text(
    member: str, text: str, shortest: int, longest: int, *, one_line: bool = False
) -> str:
    """Return a text in Unicode normal form C, without white space at its ends.

    :param shortest: and ``longest`` are counted in characters (code points).
    :param one_line: refuse line breaks too.
    :raises BadText: names the member and its limits.
    """
    cleaned = unicodedata.normalize("NFC", text).strip()
    if not shortest <= len(cleaned) <= longest:
        raise BadText(
            f"{member} must have {shortest} to {longest} characters.",
            member=member,
            limit=longest,
        )
    allowed = "" if one_line else LINE_BREAK
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in cleaned):
        raise BadText(f"{member} must not hold control characters.", member=member)
    return cleaned
