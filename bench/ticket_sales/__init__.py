"""A sale of tickets as small as it can be, for what measures and tries the mailbox."""
