"""Credentials as Open Badges 3.0: written, signed, put into pictures, and examined; knows no database."""
