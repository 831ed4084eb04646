"""The statement itself: what it states, its page, its token, and how a file is checked."""
