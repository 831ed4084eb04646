"""The certificate as a document: its facts, how they are drawn on paper, and how the file is signed."""
