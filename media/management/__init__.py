"""Processes of this app."""
