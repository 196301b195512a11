"""Which tables live in which database."""

from typing import Any

KEYS = "keys"


class KeysApart:
    """The app ``keys`` lives in the database ``keys`` and nothing else does."""

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool:
        """Tell whether an app's tables belong in a database."""
        return (db == KEYS) == (app_label == KEYS)

    def db_for_read(self, model: Any, **_: Any) -> str | None:
        """Return the database of a model, None for the default."""
        return KEYS if model._meta.app_label == KEYS else None

    db_for_write = db_for_read
