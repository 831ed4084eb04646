"""A school's public page on how to report; it takes no reports itself and has no form."""
