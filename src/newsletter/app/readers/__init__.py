"""What readers do by themselves on the public pages: the desks behind those, one for each kind.

Every call begins with a token, which is looked at before the database is, and knows nobody else
than the person it names. A token that is garbled or foreign gives None, always the same way; one
of ours whose person is no longer kept gives Forgotten, so that old links still answer (T7).
"""
