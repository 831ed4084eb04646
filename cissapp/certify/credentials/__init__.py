"""Open Badges 3.0 credentials of schools, and the lists of their status."""
