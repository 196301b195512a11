"""The pages that people see: shells that the browser fills over REST and a socket."""
