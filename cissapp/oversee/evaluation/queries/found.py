"""Finds modules and their questions."""

from collections.abc import Mapping

from cissapp.foundation.content.values import Module, Question
from cissapp.foundation.core.errors import Missing


def module_of(modules: Mapping[str, Module], module_id: str) -> Module:
    """Find a module; raise `Missing`."""
    found = modules.get(module_id)
    if found is None:
        raise Missing
    return found


def question_of(module: Module, question_id: str) -> Question:
    """Find a question of a module; raise `Missing`."""
    found = module.by_question_id.get(question_id)
    if found is None:
        raise Missing
    return found
