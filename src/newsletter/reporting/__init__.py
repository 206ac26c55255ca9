"""What became of editions, summed for those who run the mail: read from the database, never written
to it."""
