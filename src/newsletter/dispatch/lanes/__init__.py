"""Lanes: what relays and receivers take, learned from what they say, and remembered."""
