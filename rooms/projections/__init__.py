"""The read models of rooms: events in, rows out."""
