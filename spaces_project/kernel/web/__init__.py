"""The HTTP edge: what every view is built from."""
