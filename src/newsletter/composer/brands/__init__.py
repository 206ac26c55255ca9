"""The sender's look: colours that can be read, fonts that readers have, the logo."""
