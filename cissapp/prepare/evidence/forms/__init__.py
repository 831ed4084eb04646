"""The forms of documents, the reporting mechanism and the self-assessment."""
