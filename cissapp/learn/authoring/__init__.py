"""Import and export of questions: drafts from other systems' files, and files for them; no web, no database."""
