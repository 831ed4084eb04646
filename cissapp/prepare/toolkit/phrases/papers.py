"""What a product is called in lists of papers, and where its new file is made."""

from typing import Any

from flask import url_for

from cissapp.foundation.content.installed import content
from cissapp.foundation.web import languages
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.facts.queries.changes import PaperPage
from cissapp.prepare.facts.rules import PaperKind


def page_of_product(paper: MadePaper) -> PaperPage | None:
    """Return the name of a product that was made, and the page that makes it anew; None for other papers."""
    product = content().toolkit.product_by_id.get(paper.name)
    if product is None or paper.kind is not PaperKind.PRODUCT:
        return None
    title = product.text(languages.current()).title
    spoken = languages.NAMES.get(paper.language, paper.language)
    values: dict[str, Any] = {"product_id": product.id, "in": paper.language}
    return PaperPage(f"{title} · {spoken}", url_for("toolkit.product", **values))
