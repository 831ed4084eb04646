"""Answers that a product needs before it is made: which are valid, and which are missing."""

from collections.abc import Mapping, Sequence

from cissapp.foundation.content.schema.toolkit import FieldKind, ToolkitField

Answer = str | list[str]
Answers = dict[str, Answer]

YES, NO = "yes", "no"
CHOSEN = {FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.YES_NO}


def options_of(field: ToolkitField) -> tuple[str, ...]:
    """Return the options of a choice field; none for a typed one."""
    return (YES, NO) if field.kind is FieldKind.YES_NO else field.options


def fitting(fields: Sequence[ToolkitField], given: Mapping[str, object]) -> Answers:
    """Return the valid answers, without empty ones and those to removed options and fields."""
    found = {one.id: _fitting(one, given.get(one.id)) for one in fields}
    return {name: answer for name, answer in found.items() if answer}


def _fitting(field: ToolkitField, given: object) -> Answer:
    if field.kind is FieldKind.CHOICES:
        chosen = given if isinstance(given, list) else []
        return [one for one in field.options if one in chosen]
    text = "" if given is None else str(given).strip()
    if field.kind in CHOSEN and text not in options_of(field):
        return ""
    return text


def unanswered(fields: Sequence[ToolkitField], answers: Mapping[str, Answer]) -> list[str]:
    """List the required fields without an answer."""
    return [one.id for one in fields if one.needed and not answers.get(one.id)]
