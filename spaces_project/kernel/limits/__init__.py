"""Rate limits: one table, counted over all processes, or in this one while Redis is away."""
