"""Rules of posters: what can be chosen, what is printed of a school, and how the round counts."""
