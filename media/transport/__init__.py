"""One UDP socket: who may send to it, and how a packet reaches everybody."""
