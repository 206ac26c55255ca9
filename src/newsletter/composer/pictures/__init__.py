"""Images: read, cut, scaled and named by their content."""
