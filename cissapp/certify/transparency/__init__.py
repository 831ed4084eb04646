"""The public log that shows every issue, suspension, withdrawal and replacement."""
