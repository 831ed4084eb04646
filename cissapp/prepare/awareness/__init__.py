"""Surveys of what pupils know about the ways to report: a class code, four taps, totals only."""
