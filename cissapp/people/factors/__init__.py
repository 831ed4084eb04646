"""Two-factor authentication: passkeys, app codes, recovery codes, and confirming sensitive actions again."""
