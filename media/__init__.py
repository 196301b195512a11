"""Audio: who is heard, by whom, and how it travels."""
