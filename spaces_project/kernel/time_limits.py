"""How long a connection to PostgreSQL may wait: nothing waits for ever."""

from typing import Final

CONNECT_S: Final = 3
LIMITS: Final = {
    "lock_timeout": "2s",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "5s",
}
AS_OPTIONS: Final = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())
