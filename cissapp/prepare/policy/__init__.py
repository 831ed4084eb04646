"""The policy studio: from plain answers and a library of clauses to a policy, and what it covers."""
