"""The backup file: its layout, its encryption, and where it is stored."""
