"""Acknowledgements: how many of the staff say that they have read exactly this version; no names."""
