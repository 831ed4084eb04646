"""Checks of the log: the trusted keys, the database, one certificate, and what is saved elsewhere."""
