"""Sound as samples: decoding, waiting, mixing, encoding."""
