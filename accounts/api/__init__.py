"""Accounts over REST: parse, call one command or query, answer."""
