"""What clients are told of the interface: documents, the page that shows them, typed clients."""
