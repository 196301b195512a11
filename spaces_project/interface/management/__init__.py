"""Chores of the documents."""
