"""Who is connected to which room: leases, so that a process that is killed leaves no ghosts."""
