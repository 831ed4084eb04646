"""Terms of the field, as the content lists them."""

from pathlib import Path

import yaml

from cissapp.foundation.content.languages import SAFE
from cissapp.learn.translation.rules import Term

FILE = "terms.yaml"


def read_terms(root: Path) -> tuple[Term, ...]:
    """Read the terms of a content folder; empty if it lists none."""
    path = root / FILE
    if not path.exists():
        return ()
    raw = yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE) or []  # noqa: S506 -- it is safe
    return tuple(
        Term(
            one["english"],
            {code: tuple(words) for code, words in one.get("said", {}).items()},
            {code: tuple(words) for code, words in one.get("not_said", {}).items()},
        )
        for one in raw
    )
