"""The checks: over what the author wrote, and over the finished mail."""
