"""The checks of one finished mail, a module for each thing that may be wrong with it."""
