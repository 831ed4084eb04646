"""What is held of people: the map of it, a person's export and erasure, and what is deleted in time."""
