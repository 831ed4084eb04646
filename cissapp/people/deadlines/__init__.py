"""Working days, deadlines and their reminders."""
