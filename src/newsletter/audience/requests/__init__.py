"""What people ask for on the public pages, from the asking to its end.

A page only writes the request down and says the same to everybody (T13); what comes of it is found
out afterwards, and goes to the mailbox.
"""
