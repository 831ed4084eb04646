"""Every key of the content is read by some code."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

import cissapp
from cissapp.foundation.content import schema

# Read by a method of the shape itself.
OWN = {
    "Draw.topics",
    "Draw.difficulties",
    "NotApplicableRule.only_where_said",
    "NotApplicableRule.only_non_critical",
}


def shapes() -> Iterator[type[BaseModel]]:
    for module in pkgutil.iter_modules(schema.__path__):
        loaded = importlib.import_module(f"{schema.__name__}.{module.name}")
        for shape in vars(loaded).values():
            if isinstance(shape, type) and issubclass(shape, BaseModel):
                yield shape


def test_every_key_is_read():
    root = Path(cissapp.__file__).parent
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for kind in ("*.py", "*.html")
        for path in root.rglob(kind)
        if path.parent.name != "schema"
    )

    unread = {
        f"{shape.__name__}.{field}"
        for shape in shapes()
        for field in shape.model_fields
        if not re.search(rf"\.{field}\b|\"{field}\"", code)
    }

    assert unread - OWN == set()
