"""Reactions: checked one by one, told and kept as counts. A reaction is no event."""
