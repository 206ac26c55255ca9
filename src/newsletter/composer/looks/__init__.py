"""How a finished mail looks: CSS read, and the colours and sizes that each element comes to."""
