"""Taking everything out of an installation, and into an empty one."""
