"""The sockets, asked by real clients."""
