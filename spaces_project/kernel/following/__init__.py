"""What follows the log: projections, policies, live feeds."""
