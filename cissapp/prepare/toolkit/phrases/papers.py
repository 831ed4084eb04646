"""The name of a product in lists of papers, and the address where a new file is made."""

from typing import Any

from flask import url_for

from cissapp.foundation.content.installed import content
from cissapp.foundation.web import languages
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.facts.queries.changes import PaperPage
from cissapp.prepare.facts.rules import PaperKind


def page_of_product(paper: MadePaper) -> PaperPage | None:
    """Return the title of a product and the page that makes it again; None for other papers."""
    product = content().toolkit.product_by_id.get(paper.name)
    if product is None or paper.kind is not PaperKind.PRODUCT:
        return None
    title = product.text(languages.current()).title
    spoken = languages.NAMES.get(paper.language, paper.language)
    values: dict[str, Any] = {"product_id": product.id, "in": paper.language}
    return PaperPage(f"{title} · {spoken}", url_for("toolkit.product", **values))
