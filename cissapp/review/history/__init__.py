"""The levels of a school over its rounds, and the duties that the same work serves."""
