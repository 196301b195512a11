"""Words to search by: without case and accents, so that what sounds the same is found.

The embedded PostgreSQL has no ``unaccent``, so texts and questions are made plain here, before they
become a ``tsvector`` or a ``tsquery``.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

MOST: Final = 8  # words of one question
LONGEST: Final = 64  # characters of a word that are looked at
# Letters that Unicode does not take apart (NFKD), as people type them without the keyboard for it.
_PLAIN: Final = str.maketrans(  # and the dotless i
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "ħ": "h",
    }
)
_BETWEEN: Final = re.compile(r"[\W_]+")


def words_of(*texts: str) -> list[str]:
    """Return the words of texts, plain, each once, sorted: letters and digits only."""
    return sorted({word for text in texts for word in _words(text)})


def as_vector(words: Iterable[str]) -> str:
    """Return words as PostgreSQL reads a ``tsvector``."""
    return " ".join(words)


def prefixes_of(question: str) -> list[str]:
    """Return for each word of a question the ``tsquery`` of what begins so; the first eight."""
    return [f"{word}:*" for word in dict.fromkeys(_words(question))][:MOST]


def _words(text: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return [word[:LONGEST] for word in _BETWEEN.split(plain.translate(_PLAIN)) if word]
