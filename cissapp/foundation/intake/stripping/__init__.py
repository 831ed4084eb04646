"""Takes out of a file who wrote it and where: what is served to others is such a copy, the original stays as it is."""
