"""Evaluation of modules and their questions, by figures of groups, never of a person."""
