"""Where a form may lead on: to a page of this site, and nowhere else."""

import re

from flask import url_for

OWN_PATH = re.compile(r"/[A-Za-z0-9_./-]*(\?[A-Za-z0-9_./=&%+-]*)?")


def own_path(raw: str | None) -> str:
    """Return the path if it is one of this site, else the start page (security.md T34)."""
    if raw and OWN_PATH.fullmatch(raw) and "//" not in raw:
        return raw
    return url_for("home.start")
