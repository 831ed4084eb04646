"""Reads a page as a browser does, and as a person: elements, and the words in them."""

from typing import Any

from lxml import html


def parsed(text: str) -> Any:
    """Parse a page. The tests' browser has read it strictly, and this parser takes a twentieth of the time."""
    return html.document_fromstring(text, html.HTMLParser(remove_comments=True))


def tree(response: Any) -> Any:
    return parsed(response.get_data(as_text=True))


def main_of(response: Any) -> Any:
    return tree(response).find(".//main")


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def text_of(response: Any) -> str:
    """The words of the main part of a page."""
    return words(main_of(response))
