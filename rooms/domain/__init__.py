"""The rules of a room: pure Python, no framework, no database, no clock."""
