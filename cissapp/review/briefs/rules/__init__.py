"""The rules of the briefs: what to look at first, what changed, how the files of a bag are named."""
