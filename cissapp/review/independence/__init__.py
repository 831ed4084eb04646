"""Who may access which case: mentors, conflicts of interest, possible conflicts, one role per person."""
