"""Templates to MJML, MJML to HTML, and what is left to do to it."""
