"""The command line: words in, calls down, exit codes out."""
