"""Briefs: an application on one page for those who review it, and as an archive for those who keep it."""
