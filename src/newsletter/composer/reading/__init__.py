"""An edition read in one language, ready for the templates."""
