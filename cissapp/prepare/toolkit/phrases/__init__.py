"""The words of the toolkit: answers as they are printed, open actions, an invented school, where a value is said."""
