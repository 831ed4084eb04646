"""Rules of the policy studio: answers, clauses, coverage, contradictions, and updates of the library."""
