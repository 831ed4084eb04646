"""Join requests of schools: made on the home page, confirmed by mail, answered by the national group."""
