"""Comments on a criterion or a page, inside the group or between group and school."""
