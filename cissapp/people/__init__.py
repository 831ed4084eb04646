"""Schools, groups and the adults who work in them; mails and deadlines."""
