"""Segments: saved rules over what is known of subscribers, in a closed grammar, never SQL (X14)."""
