"""Reads a page as a browser does, and as a person: elements, and the words in them."""

from typing import Any

import html5lib


def tree(response: Any) -> Any:
    return html5lib.parse(response.get_data(as_text=True), namespaceHTMLElements=False)


def main_of(response: Any) -> Any:
    return tree(response).find(".//main")


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def text_of(response: Any) -> str:
    """The words of the main part of a page."""
    return words(main_of(response))
