"""The archive as files: the same pages, answered by the same application, for any web server."""
