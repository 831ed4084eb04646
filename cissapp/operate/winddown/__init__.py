"""Everything of an installation as plain files, and an empty installation that goes on from them."""
