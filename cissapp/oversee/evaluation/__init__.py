"""Whether a module teaches, and whether its questions ask well: figures of groups, never of a person."""
