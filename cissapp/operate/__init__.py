"""Running an installation: the demonstration, set-up, daily work, and winding down."""
