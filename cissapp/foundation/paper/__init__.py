"""Drawing on paper: fonts, text, a canvas that is tagged for screen readers."""
