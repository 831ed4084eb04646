"""The action plan: what raises a level, who does it, and by when."""
