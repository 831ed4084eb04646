"""What the public page says, in a language: the programme's sentences round the school's own words."""

from cissapp.prepare.reporting_page.phrases.pages import WrittenPage, write_page

__all__ = ["WrittenPage", "write_page"]
