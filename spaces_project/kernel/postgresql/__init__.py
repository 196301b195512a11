"""Django's PostgreSQL backend, with a quicker look at its connections."""
