"""Who writes, who projects in another process, and who waits for it: both sides of the bench."""
