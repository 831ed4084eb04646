"""Run an installation: the demonstration, set-up and daily work, and the way out."""
