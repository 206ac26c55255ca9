"""The database: its engine, every table on one page, and the runner of the migrations."""
