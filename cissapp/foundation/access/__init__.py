"""Who may do what: permissions, scopes, the matrix, and the guard that asks them."""
