"""Editions as they are kept: their revisions, their states, and the snapshots that are sent."""
