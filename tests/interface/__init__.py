"""What clients are told of the interface."""
