"""Followers in bulk, by the name that scripts of hosts import."""

from accounts.commands.bulk import Imported, import_followers

__all__ = ["Imported", "import_followers"]
