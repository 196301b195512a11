"""Signals: what is worth saying at once and not worth keeping, between processes."""

from spaces_project.kernel.signals.exchange import Exchange, Hear, exchange, publish, subscribe

__all__ = ["Exchange", "Hear", "exchange", "publish", "subscribe"]
