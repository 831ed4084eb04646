"""Where a link in a document may lead: web, e-mail, telephone, or a place in the document."""

import re

SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
WEB = re.compile(r"https?://[^\s/\\?#]", re.IGNORECASE)
MAIL = re.compile(r"mailto:(?!.*[?&]attach)", re.IGNORECASE | re.DOTALL)
TELEPHONE = re.compile(r"tel:[+\d*#(]", re.IGNORECASE)
BARE = re.compile(r"www\.[^\s/\\:]+(/[^\\]*)?|[\w.+\-]+@[\w.\-]+", re.IGNORECASE)
INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
EMPTY_WEB = {"http://", "https://", "mailto:", "tel:"}


def is_allowed(target: str) -> bool:
    """Return whether a link may lead there."""
    target = target.strip()
    if INVISIBLE.search(target):
        return False
    if not target or target.startswith("#") or target.lower() in EMPTY_WEB:
        return True
    if any(form.match(target) for form in (WEB, MAIL, TELEPHONE)):
        return True
    return BARE.fullmatch(target) is not None


def leads_outside(target: str) -> bool:
    """Return whether a target leaves the package it stands in, whatever it leads to."""
    target = INVISIBLE.sub("", target).strip().replace("\\", "/")
    if SCHEME.match(target) or target.startswith("//"):
        return True
    return ".." in target.split("/")
