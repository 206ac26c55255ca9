"""From what an author wrote to finished mail: reading, rendering, inlining, checking.

Pure: an edition, a brand, image bytes and template folders in; a compiled edition and findings out.
No database, no clock, no network.
"""
