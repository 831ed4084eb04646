"""The printed facts of a school: job titles, contacts, channels; when confirmed, and where printed."""
