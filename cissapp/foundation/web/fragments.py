"""Fragments of pages that are the same for every reader: each is rendered once and cached.

A fragment depends on its key alone, and is rendered without the context of a page: no person, form token or
address can get into it. It has gaps for what belongs to one reader, which are filled for each page.
"""

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import get_locale
from markupsafe import Markup, escape

from cissapp.foundation.content.installed import content
from cissapp.foundation.web import languages

EXTENSION = "ciss-fragments"
# About 10 kB each: the lessons of five languages for the readers of twenty countries.
KEPT = 4000
MARK = "\0"  # stands in no template and in no text of the content
Build = Callable[..., Mapping[str, Any]]


def fragment(template: str, build: Build, *key: Hashable) -> Markup:
    """Render a template with what `build` makes of the key; once for a key in each language of the pages."""
    return _kept()(template, languages.current(), str(get_locale()), build, *key)


def _rendered(template: str, _language: str, _locale: str, build: Build, *key: Hashable) -> Markup:
    """Render a template; the languages in the key are those of the request."""
    page = current_app.jinja_env.get_template(template)
    return Markup(page.render(build(*key)))  # noqa: S704 -- our template


def gaps(*names: str) -> dict[str, Markup]:
    """Return placeholders for the values of a fragment's readers; a template may only print them."""
    return {name: Markup(f"{MARK}{name}{MARK}") for name in names}  # noqa: S704 -- names of ours


def filled(found: Markup, **values: object) -> Markup:
    """Write the values of this reader into the gaps of a fragment; they are escaped, and not kept."""
    parts = str.split(found, MARK)
    parts[1::2] = [escape(values[name]) for name in parts[1::2]]
    return Markup("".join(parts))  # noqa: S704 -- rendered, and escaped


def words_alone(template: str) -> Markup:
    """Render, for templates, one that reads nothing but the language of the page."""
    return fragment(template, dict)


def help_strip_of(strip: Hashable) -> Markup:
    """Render, for the layout, the help strip: most readers of a country share one."""
    return fragment("layouts/_help_strip.html", _strip_values, strip)


def _strip_values(strip: Hashable) -> dict[str, Hashable]:
    return {"help_strip": strip}


def _kept() -> Callable[..., Markup]:
    """Return the cache of fragments for the current content; an editor's preview replaces the content."""
    now = content()
    known: tuple[object, Callable[..., Markup]] | None = current_app.extensions.get(EXTENSION)
    if known is None or known[0] is not now:
        # The least recently used are dropped first, so what every page needs is never rendered again.
        known = current_app.extensions[EXTENSION] = (now, lru_cache(KEPT)(_rendered))
    return known[1]
