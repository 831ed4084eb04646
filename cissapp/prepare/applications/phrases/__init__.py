"""The words of the pages of applications."""
