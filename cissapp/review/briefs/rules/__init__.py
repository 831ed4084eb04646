"""The rules of the briefs: what to look at first, what changed, how a file in a bag is called."""
