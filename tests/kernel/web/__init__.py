"""The HTTP edge, asked by real clients."""
