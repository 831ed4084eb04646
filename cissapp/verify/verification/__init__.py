"""Answers for anyone who holds a certificate: is it real, whose, what is it worth today."""
