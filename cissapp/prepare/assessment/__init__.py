"""The self-assessment: how a school scores itself on each criterion, and what shows it."""
