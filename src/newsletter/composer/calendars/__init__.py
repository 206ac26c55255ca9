"""Calendar entries of what an edition announces."""
