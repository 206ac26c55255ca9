"""The composition root, and the use cases that span packages."""
