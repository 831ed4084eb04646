"""The blueprint of independence, and the search for people of a large group."""

from flask import Blueprint, request

bp = Blueprint("independence", __name__, template_folder="../templates")


def name_searched() -> str:
    """Return the words of a name in the address; empty without a search."""
    return request.args.get("name", "")
