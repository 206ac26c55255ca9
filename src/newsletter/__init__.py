"""Compose a bilingual, accessible email newsletter and send it to your own list, exactly once."""

__version__ = "0.1.0"
