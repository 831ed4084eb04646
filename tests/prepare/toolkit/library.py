"""A small toolkit for tests: a text with every kind of field, a table that the school fills, a card without fields."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from msgspec.structs import replace

from cissapp.foundation.content.installed import EXTENSION
from cissapp.foundation.content.schema.toolkit import ProductKey, ProductWords
from cissapp.foundation.content.toolkit import Product, Toolkit
from tests.shipped import MODULE

ORDER = Product(
    ProductKey.model_validate(
        {
            "id": "order",
            "module": MODULE.id,
            "lesson": MODULE.lessons[0].id,
            "kind": "text",
            "evidence": "ORD",
            "criteria": ["A3", "A8"],
            "minutes": 10,
            "fields": [
                {"id": "trained_by", "kind": "text", "most": 40, "needed": True},
                {"id": "given_on", "kind": "date"},
                {"id": "hours", "kind": "number", "least": 1, "most": 40},
                {"id": "aim", "kind": "choice", "options": ["first", "second"]},
                {"id": "devices", "kind": "choices", "options": ["phones", "tablets"]},
                {"id": "volunteers", "kind": "yes_no"},
            ],
            "needs": ["people"],
        }
    ),
    {
        language: ProductWords.model_validate(
            {
                "title": title,
                "use": "For the head, in September.",
                "fields": {
                    "trained_by": {"label": "Who trains them?", "hint": "An office, no name."},
                    "given_on": {"label": "On which day?"},
                    "hours": {"label": "Hours a week"},
                    "aim": {"label": "Aim", "options": {"first": "one", "second": "two"}},
                    "devices": {
                        "label": "Devices",
                        "options": {"phones": "phones", "tablets": "tablets"},
                    },
                    "volunteers": {"label": "Volunteers?"},
                },
                "text": "At **{school}** on {given_on}:\n\n## People\n\n{people}\n\n- trained by {trained_by}\n- {hours} h, aim {aim}, {devices}, {volunteers}\n- who parents contact: {parents_contact}\n\n{helplines}",
                "specimen": {
                    "trained_by": "the methodologist",
                    "given_on": "2026-09-01",
                    "hours": "4",
                    "aim": "second",
                    "devices": "phones, tablets",
                    "volunteers": "no",
                },
            }
        )
        for language, title in {"en": "Order", "ro": "Ordin", "uk": "Наказ"}.items()
    },
)
LOG = Product(
    ProductKey.model_validate(
        {
            "id": "log",
            "module": MODULE.id,
            "lesson": MODULE.lessons[1].id,
            "kind": "table",
            "evidence": "POL",
            "criteria": ["C12"],
            "minutes": 1,
            "sheet": {
                "columns": ["what", "who", "likely", "grave", "score"],
                "rows": 6,
                "formulas": {"score": "={likely}*{grave}"},
                "totals": {"score": "MAX"},
                "limits": {"likely": [1, 3], "grave": [1, 3]},
                "fill": "actions",
            },
        }
    ),
    {
        "en": ProductWords.model_validate(
            {
                "title": "Log",
                "use": "For the deputy head.",
                "text": "**Filled** at {school}.\n\n- One row for each.",
                "columns": {
                    "what": "What",
                    "who": "Who",
                    "likely": "Likely",
                    "grave": "Grave",
                    "score": "Score",
                },
                "examples": [
                    ["Group chats", "deputy head", "3", "2", ""],
                    ["=1+1", "head", "1", "1", ""],
                ],
            }
        )
    },
)
CARD = Product(
    ProductKey.model_validate(
        {
            "id": "card",
            "module": MODULE.id,
            "lesson": MODULE.lessons[2].id,
            "kind": "text",
            "evidence": "none",
            "minutes": 5,
        }
    ),
    {
        "en": ProductWords.model_validate(
            {"title": "Card", "use": "For all.", "text": "Tell {designated}.\n\n{helplines}"}
        )
    },
)
LIBRARY = Toolkit(version="1", products=(ORDER, LOG, CARD))


@contextmanager
def toolkit(app: Flask, library: Toolkit = LIBRARY) -> Iterator[None]:
    """Put this toolkit into the place of the one that the application was started with."""
    known = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(known, toolkit=library)
    try:
        yield
    finally:
        app.extensions[EXTENSION] = known
