"""The text of the public page in a language: the programme's sentences around the school's own words."""

from cissapp.prepare.reporting_page.phrases.pages import WrittenPage, write_page

__all__ = ["WrittenPage", "write_page"]
