"""Texts in the path of an address."""

from typing import Any

from flask import Flask
from werkzeug.routing import Map, UnicodeConverter


class PathText(UnicodeConverter):
    """A text between two slashes; no address has one with a null character, which PostgreSQL refuses."""

    def __init__(self, map: Map, **lengths: Any) -> None:  # noqa: A002 -- as Werkzeug names it
        super().__init__(map, **lengths)
        self.regex = self.regex.replace("[^/]", r"[^/\0]")


class PathTextWithSlashes(PathText):
    """The rest of an address as one text: the register numbers of some schools have slashes."""

    part_isolating = False
    weight = 200  # as Werkzeug weighs a path: any other route is preferred

    def __init__(self, map: Map) -> None:  # noqa: A002 -- as Werkzeug names it
        super().__init__(map)
        self.regex = r"[^/\0][^\0]*?"


def init_app(app: Flask) -> None:
    """Read every text in a path so; before the first route is added."""
    app.url_map.converters |= {"default": PathText, "string": PathText, "path": PathTextWithSlashes}
