"""Rooms that will be: plans, reminders and the moment when a planned room opens."""
