"""The schools of the demonstration: who is in them, what they do, and what a group does with it."""
