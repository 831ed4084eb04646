"""Who may touch which case: mentors, declared ties, hints, and one seat a person."""
