"""WebRTC peers that cost little: hundreds of listeners in one process, and a speaker.

They are real on the wire: ICE checks with integrity, a DTLS handshake with both certificates, SRTP,
receiver reports. What they leave out is what no server can see: jitter buffers and sound cards.
They share no code with the media node, so that a mistake there cannot hide here.
"""
