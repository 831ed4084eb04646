"""What every wing stands on; nothing here knows a wing."""
