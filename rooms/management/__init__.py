"""Management commands of rooms."""
