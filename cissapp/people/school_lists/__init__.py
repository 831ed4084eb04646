"""Lists of schools and people: uploaded, previewed, imported and undone; and exports of the register."""
