"""DKIM: the signatures that say whose mail it is, and the keys that make them (RFC 6376)."""
