"""Sending: the delivery ledger, the messages, and the ways by which mail is handed over."""
