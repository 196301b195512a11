"""A connection's health without a round trip (Django finds this module by its name)."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to PostgreSQL."""

    def is_usable(self) -> bool:
        """Tell whether the connection may be used.

        Django asks before the first query of each request, by a query. A server that has ended
        a connection has said so, and its words, or the end of the line, wait to be read; where
        nothing waits there is nothing to ask for.
        """
        if self.connection is None or self.connection.closed:
            return False
        line = select.poll()  # select() knows no descriptor above 1023
        line.register(self.connection.fileno(), select.POLLIN)
        return not line.poll(0) or super().is_usable()
