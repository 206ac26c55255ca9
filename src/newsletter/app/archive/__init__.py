"""The public archive: which editions anybody may read, and those without anything of a reader's."""
