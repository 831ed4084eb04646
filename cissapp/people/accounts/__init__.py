"""People: sign-in, sessions, invitations, passwords."""
