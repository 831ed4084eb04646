"""Shows a folder of content as a learner sees it, before it is published."""
