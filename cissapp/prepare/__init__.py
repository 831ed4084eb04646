"""What a school brings together: documents, ways to report, an application."""
