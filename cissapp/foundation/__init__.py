"""What every wing builds on; nothing here depends on a wing."""
