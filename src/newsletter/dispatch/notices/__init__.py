"""Notices: their queue, and handing them over.

A notice is sent at least once, since whoever asked waits for it: what nobody knows the end of goes
again, with the same Message-ID. That parts it from a delivery, of which nobody may get two.
"""
