"""The commands that run an installation, a module each."""
