"""The shapes of what programs send and get: the answers are made of them, and so is the document."""
