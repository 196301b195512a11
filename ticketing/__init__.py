"""Rooms one pays for: tickets, the money that moves for them, and the way into the room."""
