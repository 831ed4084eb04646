"""Certificates while they last: numbers, files, credentials, the public log, suspension, renewal."""
