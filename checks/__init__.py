"""Checks of what is built and installed, beside the tests; `make supply` and `make advisories` call them."""
