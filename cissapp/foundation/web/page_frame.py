"""The frame of every page, above and below its text: cached fragments with gaps for the reader."""

from flask import request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from cissapp.foundation.access.guard import signed_in
from cissapp.foundation.web import languages
from cissapp.foundation.web.fragments import filled, fragment, gaps
from cissapp.foundation.web.rendering import url_for_names


def header(
    place: str, nav: Markup, *, unread: int = 0, demo: bool = False, preview: bool = False
) -> Markup:
    """Render what stands above a page: the place, the navigation and the account of who is signed in."""
    person = signed_in()
    kept = fragment(
        "layouts/_header.html",
        _header_values,
        person is not None,
        bool(place),
        unread,
        demo,
        preview,
    )
    if person is None:
        return filled(kept, place=place)
    return filled(
        kept,
        place=place,
        nav=nav,
        guide=url_for_names()("guide.overview", on=request.blueprint),
        name=person.name,
        initial=person.name[:1],
        csrf_token=generate_csrf(),
    )


def _header_values(
    somebody: bool,  # noqa: FBT001 -- a key of a fragment has no names
    somewhere: bool,  # noqa: FBT001
    unread: int,
    demo: bool,  # noqa: FBT001
    preview: bool,  # noqa: FBT001
) -> dict[str, object]:
    return {
        "somebody": somebody,
        "somewhere": somewhere,
        "unread": unread,
        "demo": demo,
        "preview": preview,
        **gaps("place", "nav", "guide", "name", "initial", "csrf_token"),
    }


def footer(here: str) -> Markup:
    """Render the footer: the permanent links, and the choice of language, which leads back here."""
    kept = fragment("layouts/_footer.html", _footer_values)
    return filled(kept, here=here, csrf_token=generate_csrf())


def _footer_values() -> dict[str, object]:
    return {
        "languages": languages.OF_PAGES,
        "language": languages.current(),
        **gaps("here", "csrf_token"),
    }
