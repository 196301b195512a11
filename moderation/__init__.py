"""Reports, cases and decisions about what was said, with the replay that they rest on."""
