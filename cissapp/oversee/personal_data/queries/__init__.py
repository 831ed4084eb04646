"""Reads across all tables of the application, guided by the data map."""
