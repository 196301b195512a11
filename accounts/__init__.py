"""Who people are, whom they follow, whom they blocked."""
