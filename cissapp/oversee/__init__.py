"""What ministries and the programme see: figures, never a named school."""
