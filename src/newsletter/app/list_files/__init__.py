"""Lists of people as files of any program: from their bytes to a clean value for each row."""
