"""The demo's synthetic speaker: a real WebRTC client that plays a recording."""
