"""What media may refuse, and its numbers; pure Python."""
