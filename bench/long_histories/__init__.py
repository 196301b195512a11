"""Aggregates with long histories: a room of ours, and a guest of the bare library's."""
