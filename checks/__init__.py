"""Checks of what is built and installed, besides the tests; called by `make supply` and `make advisories`."""
