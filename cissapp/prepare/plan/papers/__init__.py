"""The action plan on paper."""
