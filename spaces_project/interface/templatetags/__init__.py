"""Words on the pages of the documents."""
