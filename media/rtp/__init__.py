"""RTP and RTCP as they come off the wire and go onto it (RFC 3550)."""
