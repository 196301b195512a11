"""What can happen to people: pure rules, no framework, no database, no clock."""
