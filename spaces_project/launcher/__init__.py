"""What ``./spaces`` does once a virtual environment exists; only the standard library is needed."""
