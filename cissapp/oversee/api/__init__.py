"""Figures, public register and import of schools for programs: `/api/v1`, its tokens and its webhooks."""
