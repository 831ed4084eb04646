"""Signing in with the account that a ministry or a group runs itself (OpenID Connect)."""
