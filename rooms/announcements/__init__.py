"""What an event says aloud to sockets and clients, and to whom."""

from rooms.announcements.audiences import Announcement, announce, people_named
from rooms.announcements.types import TYPES
from rooms.announcements.words import Names

__all__ = ["TYPES", "Announcement", "Names", "announce", "people_named"]
