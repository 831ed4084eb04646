"""How this works: short guides for each kind of person, in context, searchable, to print."""
