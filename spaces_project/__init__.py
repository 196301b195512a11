"""Spaces: live audio rooms, told as events."""
