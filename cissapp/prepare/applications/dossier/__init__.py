"""The dossier: the content of a submission, frozen as one canonical text."""
