"""Rules of credentials: addresses, bits of a status list, how strictly JSON is read, what was found."""
