"""Rules for posters: which choices exist, what is printed for a school, and how the round counts."""
