"""The figures, the public register and the import of schools for programs: tokens, pages, webhooks."""
