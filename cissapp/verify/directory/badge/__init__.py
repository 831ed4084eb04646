"""The live badge for a school's own site: its looks, its words and its picture."""
