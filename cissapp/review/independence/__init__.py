"""Who may touch which case: mentors, declared conflicts of interest, possible conflicts, and one role a person."""
