"""Rules of credentials: addresses, bits of a status list, strict JSON parsing, and findings."""
