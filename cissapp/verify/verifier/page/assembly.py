"""Assembles the page that checks offline: a single file that fetches nothing and declares so.

The browser enforces this: the page's policy allows the scripts and the style in the file, by their
hashes, and no address at all.
"""

import hashlib
import json
from base64 import b64encode
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from cissapp.certify.credentials.open_badges import linked_data
from cissapp.certify.credentials.rules.addresses import did_of
from cissapp.foundation.signing.keys.keys_file import published
from cissapp.foundation.web.assets import STATIC
from cissapp.foundation.web.languages import NAMES
from cissapp.verify.verifier import phrases
from cissapp.verify.verifier.rules import PageSource

PAGE = Path(__file__).parent
# Joined into one script after the libraries, each of which has its own, so that one failing stops no other.
OWN = (
    "bytes.js",
    "der.js",
    "keys.js",
    "pdf.js",
    "seal.js",
    "snapshot.js",
    "facts.js",
    "log.js",
    "verdict.js",
    "credential.js",
    "taking.js",
    "page.js",
)
NOBLE_EXPORT = "export { ed25519_CURVE as CURVE, etc, Point as ExtendedPoint, getPublicKey, getPublicKeyAsync, Point, sign, signAsync, utils, verify, verifyAsync, };"


def fill_template(
    *,
    keys: str,
    snapshot: str,
    settings: dict[str, Any],
    words: dict[str, Any],
    needed: dict[str, str],
) -> str:
    """Fill the template of the page."""
    scripts, style = _scripts(), _style()
    values = {
        "policy": _policy(scripts, style),
        "title": escape(words["en"]["sentences"]["title"]),
        "icon": b64encode((STATIC / "img" / "favicon.svg").read_bytes()).decode(),
        "style": style,
        "languages": _options(),
        "needed": "".join(f'<p lang="{code}">{escape(said)}</p>' for code, said in needed.items()),
        "settings": json_for_page(json.dumps(settings)),
        "keys": json_for_page(keys),
        "snapshot": json_for_page(snapshot),
        "words": json_for_page(json.dumps(words, ensure_ascii=False)),
        "contexts": json_for_page(
            json.dumps(
                {one: linked_data.load_context(one)["document"] for one in linked_data.FILES}
            )
        ),
        "licences": "\n".join(_read(one) for one in sorted((PAGE / "vendor").glob("*.LICENSE"))),
        "scripts": "\n".join(f"<script>{one}</script>" for one in scripts),
    }
    parts = (PAGE / "template.htm").read_text("utf-8").split("{{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}}")
        filled += [values[name], rest]
    return "".join(filled)


def json_for_page(text: str) -> str:
    """Escape JSON so that it cannot close the element of the page that contains it."""
    return text.replace("<", "\\u003c")


def _options() -> str:
    return "".join(
        f'<option value="{code}" lang="{code}">{escape(name)}</option>'
        for code, name in NAMES.items()
    )


def _policy(scripts: tuple[str, ...], style: str) -> str:
    allowed = " ".join(_source(one) for one in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_source(style)}; img-src data:; "
        "form-action 'none'; base-uri 'none'"
    )


def _source(text: str) -> str:
    """Return the hash of a script or a style as a source for the policy (CSP level 3)."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _style() -> str:
    return _read(STATIC / "css" / "ciss.css") + _read(PAGE / "style.css")


@cache
def _scripts() -> tuple[str, ...]:
    """Return the scripts: the libraries as published, wrapped where needed, and our own in one wrapper."""
    noble = _read(PAGE / "vendor" / "noble-ed25519.js").replace(NOBLE_EXPORT, "")
    inflate = _read(PAGE / "vendor" / "tiny-inflate.js")
    own = "\n".join(_read(PAGE / name) for name in OWN)
    return (
        f"const nobleEd25519 = (() => {{\n{noble}\nreturn {{ verifyAsync }};\n}})();",
        f"const tinyInflate = (() => {{\nconst module = {{}};\n{inflate}\nreturn module.exports;\n}})();",
        _read(PAGE / "vendor" / "jsonld.min.js"),
        f'(() => {{\n"use strict";\n{own}\n}})();',
    )


def _read(path: Path) -> str:
    text = path.read_text("utf-8")
    # A script or style element ends wherever these strings occur.
    if "</script" in text or "</style" in text or "<!--" in text:
        raise ValueError(f"{path.name} cannot be embedded in a page")
    return text


def assemble_page(source: PageSource, snapshot: str) -> str:
    """Render the page with keys, snapshot and all words in it."""
    content = source.content
    return fill_template(
        keys=published(source.ring),
        snapshot=snapshot,
        settings={
            "baseUrl": source.base_url,
            "issuer": did_of(source.base_url),
            "expiringDays": content.standard.decision.validity.expiring_days,
            "graceDays": content.standard.decision.validity.grace_days,
            "grace": {
                code: content.certificate_terms(code).grace_days for code in content.countries
            },
        },
        words=phrases.words_in_every_language(content, source.base_url),
        needed=phrases.what_is_needed(),
    )
