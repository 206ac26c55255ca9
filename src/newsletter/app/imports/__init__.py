"""Bringing lists of people in, and taking an import back.

A list is read whole before the database is touched, sorted by address on the disk, and goes in a
small slice at a time, so that whoever unsubscribes meanwhile waits for some milliseconds.
"""
