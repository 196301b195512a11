"""Live HLS (RFC 8216) of what all listeners hear, for who cannot be reached by WebRTC."""
