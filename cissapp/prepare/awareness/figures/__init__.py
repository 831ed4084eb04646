"""The figures of a round as a page and a paper show them."""
