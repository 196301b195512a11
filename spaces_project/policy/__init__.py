"""Who is answered what: one table, which is the documentation and what the tests hold us to.

The domain decides; this is what it comes to, seen from outside. Every REST address and method,
every socket, every command frame and every operation of the media node has a row for each role:
a missing one fails a test. ``docs/policy-table.md`` is made from it.
"""
