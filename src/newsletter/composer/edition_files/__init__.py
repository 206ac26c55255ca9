"""Edition files: read with every fault in one go, written without loss."""
