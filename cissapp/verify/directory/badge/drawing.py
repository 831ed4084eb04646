"""The live badge for a school's own site: a picture that says in words what the certificate is worth today."""

from functools import lru_cache

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from msgspec import Struct
from PIL import ImageFont

from cissapp.certify.certificates.phrases.facts import LevelRing, level_ring, words_of
from cissapp.foundation.content.values import Content
from cissapp.foundation.paper.colours import MODULES
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD, file_of
from cissapp.foundation.web import languages
from cissapp.verify.directory.badge.looks import NOT_KNOWN, BadgeLook, look_of
from cissapp.verify.verification.checking.results import CheckResult

# In pixels; another font may be wider than ours, so there is room to spare.
NAME_WIDTH, PAD, SIGN_WIDTH, SPARE = 76, 14, 22, 1.2
WORD_SIZE, FACTS_SIZE = 17, 13
KEPT = 512


class LiveBadge(Struct, frozen=True):
    """What a badge shows."""

    look: BadgeLook
    word: str
    title: str
    facts: str
    language: str
    demo: str
    ring: LevelRing | None = None

    @property
    def width(self) -> int:
        """The width in pixels, measured so that the text fits in every language."""
        word = SIGN_WIDTH + _text_width(self.word, WORD_SIZE, bold=True)
        text = max(word, _text_width(self.facts, FACTS_SIZE), _text_width(self.demo, FACTS_SIZE))
        return NAME_WIDTH + 2 * PAD + round(text * SPARE)


@lru_cache(KEPT)
def _text_width(text: str, size: int, *, bold: bool = False) -> float:
    """Measure a text, in pixels."""
    return _font(SANS_BOLD if bold else SANS, size).getlength(text)


@lru_cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(file_of(name)), size, layout_engine=ImageFont.Layout.BASIC)


def language_of(found: CheckResult, asked: str) -> str:
    """Return the requested language if it is known, else the certificate's, else English."""
    wanted = (asked, found.facts.language if found.facts else "")
    return next((one for one in wanted if one in languages.NAMES), "en")


def badge_of_result(found: CheckResult, content: Content, asked: str) -> LiveBadge:
    """Build a badge from the result of the public check, so that the two never disagree."""
    language = language_of(found, asked)
    look = look_of(found.answer.value)
    with force_locale(language):
        word = _(look.word)
        if look is NOT_KNOWN or found.facts is None:
            title = _("CISS certificate: %(status)s", status=word)
            return LiveBadge(look, word, title, "", language, "")
        facts = found.facts
        words = words_of(facts, content, language)
        years = f"{facts.valid_from_on.year} – {facts.valid_until_on.year}"
        title = _(
            "CISS certificate of %(school)s: %(status)s, %(years)s",
            school=facts.school_name,
            status=word,
            years=years,
        )
        line = f"{words.label('level')} {facts.level} · {years}"
        demo = words.label("demo") if facts.demo else ""
        return LiveBadge(look, word, title, line, language, demo, level_ring(facts, words))


def draw_badge(badge: LiveBadge) -> str:
    """Render a badge as SVG, without animation, external resources or scripts."""
    # Not rendered as a page: the session is not read, and no cookie is set.
    template = current_app.jinja_env.get_template("directory/badge.svg")
    return template.render(badge=badge, name_width=NAME_WIDTH, pad=PAD, colours=MODULES)
