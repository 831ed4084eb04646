"""Photographs of a document on paper: they wait in order until they become one document."""
