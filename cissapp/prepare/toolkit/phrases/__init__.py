"""The texts of the toolkit: printed answers, open actions, an invented school, where values are entered."""
