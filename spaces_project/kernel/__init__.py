"""What every app is built from; no word of the domain in it."""
