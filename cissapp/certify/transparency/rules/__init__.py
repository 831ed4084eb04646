"""Rules of the public log: the tree, signed notes, entries, and what makes a log whole."""
