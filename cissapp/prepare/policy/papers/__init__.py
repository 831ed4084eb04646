"""The policy on paper: one text for every format."""
