"""Questions in and out: drafts from the files of other systems, and files for them; pure, no web, no database."""
