"""Documents of a school: versions that never change, their copies without names, their pages and dates."""
