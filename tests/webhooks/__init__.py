"""Webhooks out, with servers that really receive."""
