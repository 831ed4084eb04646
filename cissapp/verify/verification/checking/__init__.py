"""Checks of certificates, credentials and documents: with the register, and without."""
