"""The action plan: what lifts a level, who does it, and by when."""
