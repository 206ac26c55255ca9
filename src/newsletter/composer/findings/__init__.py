"""What the checks look for and say, and the list that they say it in."""
