"""A process of the bare library, which saves events and nothing else: ``THREADS SECONDS GO``."""

import os
import sys
from pathlib import Path
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from bench.command_crowd.asking import Asking, carry_on


class Guest(Aggregate):
    """Somebody in a room, as the library's guide writes an aggregate."""

    @event("Created")
    def __init__(self, room_id: UUID, account_id: UUID) -> None:
        self.room_id = room_id
        self.account_id = account_id
        self.present = False

    @event("Joined")
    def join(self, account_id: UUID) -> None:
        """Come in."""
        self.present = account_id == self.account_id

    @event("Left")
    def leave(self, account_id: UUID) -> None:
        """Go away."""
        self.present = account_id != self.account_id


def main() -> None:
    """Let every thread save an aggregate of its own, again and again."""
    application = Application[UUID]()
    threads = [_coming_and_going(application) for _ in range(int(sys.argv[1]))]
    carry_on(threads, float(sys.argv[2]), Path(sys.argv[3]))
    os._exit(0)  # pools that are still open would be waited for


def _coming_and_going(application: Application[UUID]) -> Asking:
    guest = Guest(uuid4(), uuid4())
    application.save(guest)

    def ask() -> None:
        if guest.present:
            guest.leave(guest.account_id)
        else:
            guest.join(guest.account_id)
        application.save(guest)

    return ask


if __name__ == "__main__":
    main()
