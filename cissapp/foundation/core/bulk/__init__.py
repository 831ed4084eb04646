"""Many rows at once: read past the objects, worked on in short transactions."""
