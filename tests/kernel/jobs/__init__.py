"""Jobs that wait for their time, and the workers that do them."""
