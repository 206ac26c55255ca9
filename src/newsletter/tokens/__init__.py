"""Tokens: what a link or a tagged address carries to say whose it is, signed, and what for."""
