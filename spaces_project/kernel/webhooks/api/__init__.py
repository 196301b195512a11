"""Webhook endpoints over REST: parse, ask, answer."""
