"""A lesson's file: its front matter, its body and its word count."""

import re
from typing import Any

import yaml

from cissapp.foundation.content import schema
from cissapp.foundation.content.languages import SAFE


def lesson_parts(whole: str) -> dict[str, Any]:
    """Split a lesson into its front matter and its body; raise `ValueError` with what is wrong."""
    match = re.match(r"\A---\n(.*?)\n---\n(.*)\Z", whole, re.DOTALL)
    if match is None:
        raise ValueError("must begin with front matter between two --- lines")
    front = yaml.load(match[1], Loader=SAFE)  # noqa: S506 -- it is safe
    if not isinstance(front, dict):
        raise ValueError(  # noqa: TRY004 -- a fault of the file, not of the caller
            "front matter must be keys and values"
        )
    if re.search(r"<[a-zA-Z/!]", match[2]):
        raise ValueError("raw HTML is not allowed")
    return {**front, "body": match[2]}


def word_count(text: schema.LessonText) -> int:
    """Count the words of a lesson, its sources left out."""
    pieces = [
        text.case,
        *text.key_messages,
        text.activity.title,
        text.activity.text,
        text.product.title,
        text.product.text,
        *(check.question + " " + check.answer for check in text.self_check),
        text.body,
    ]
    return sum(len(re.findall(r"\w[\w’'-]*", piece)) for piece in pieces)
