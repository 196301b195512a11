"""The tray's socket: whose tray and inbox may have changed, and who is to be told."""
