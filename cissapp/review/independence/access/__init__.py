"""Who may open the contents of a case."""
