"""The servers, and the lines that they log."""
