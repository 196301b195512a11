"""Sockets: a hub per process, one encoded frame for all who may see it."""
