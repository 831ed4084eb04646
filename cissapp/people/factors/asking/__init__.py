"""Asks for the second proof: the pages, the form entries they carry along, and the check of each request."""

from cissapp.people.factors.asking.hook import init_app, second_proof_of_kept
from cissapp.people.factors.asking.kept_entries import KeptEntries

__all__ = ["KeptEntries", "init_app", "second_proof_of_kept"]
