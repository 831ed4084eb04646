"""What a school prepares: documents, ways to report, an application."""
