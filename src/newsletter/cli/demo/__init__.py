"""`newsletter demo`: the whole mission, in a temporary workspace, against real servers.

It drives the use cases and the public pages from outside, as a user and a mail server would; every
figure that it prints is taken from what the capture server received.
"""
