"""Who is answered what."""
