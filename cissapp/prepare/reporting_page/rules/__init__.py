"""Rules for the public page: its code, its parts, and the links in contacts."""

from cissapp.prepare.reporting_page.rules.codes import fold_code, new_code
from cissapp.prepare.reporting_page.rules.contacts import linked
from cissapp.prepare.reporting_page.rules.parts import PART_NAMES, PagePart, shown_parts

__all__ = ["PART_NAMES", "PagePart", "fold_code", "linked", "new_code", "shown_parts"]
