"""Live rooms: the core."""
