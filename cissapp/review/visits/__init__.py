"""The visit to a school, or the video interview: dates, agenda, checklist, and the record that two people sign."""
