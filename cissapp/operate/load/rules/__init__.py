"""What an invented country looks like, and how a copy differs from its pattern. No database."""
