"""PDF checks: the bytes outside objects, the objects, the streams, the text."""
