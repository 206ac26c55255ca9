"""Files that people write, as text, nodes and tables, each fault with its line."""
