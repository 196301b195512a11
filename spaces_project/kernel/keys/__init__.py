"""Data keys, in a database of their own: destroying a key forgets what it encrypted."""
