"""The sheet of an edition that is printed or filed: what goes out, to whom, approved by whom."""
