"""The public page as a file to print."""
