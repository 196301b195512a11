"""Figures, each measured beside a peer in the same run; ``./spaces bench`` lists them."""
