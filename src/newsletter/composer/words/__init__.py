"""What authors write: words, Markdown and merge values, once for HTML and once for plain text."""
