"""The event log: one log for all apps, one order, one position, one replay."""
