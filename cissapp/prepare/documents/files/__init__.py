"""The stored files of documents: read from the store, and served as downloads and pictures."""
