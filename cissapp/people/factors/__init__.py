"""The second proof of who signs in: passkeys, codes of an app, recovery codes, and asking again before what weighs much."""
