"""What pupils know of the ways to report: a class code, four taps, totals only."""
