"""The rules of the policy studio: answers, clauses, what they cover, what contradicts, what the library changed."""
