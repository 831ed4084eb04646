"""A school's public page of how to report here; it takes no case and has no form."""
