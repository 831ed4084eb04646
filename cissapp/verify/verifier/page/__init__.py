"""The page that checks certificates offline: its scripts and its style, and how they become one file."""
