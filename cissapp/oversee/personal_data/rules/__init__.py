"""What is held of people and for how long, as data and pure functions."""
