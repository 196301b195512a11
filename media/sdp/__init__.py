"""What clients offer and what they are answered (RFC 8866, RFC 9725)."""
