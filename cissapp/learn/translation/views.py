"""Pages of the translations: how far each language is, its texts, and one text beside its English."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.languages import ENGLISH, Language
from cissapp.foundation.content.translations import TextState
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.learn.translation import rules
from cissapp.learn.translation.phrases import STATE_KINDS, STATE_NAMES, part_name

bp = Blueprint("translation", __name__, template_folder="templates")

SHOWN = (TextState.READ, TextState.DRAFT, TextState.STALE, TextState.MISSING)


def language_for(code: str) -> Language:
    """Find a language to translate into, for the guard."""
    found = content().languages.get(code)
    if found is None or code == ENGLISH:
        raise Missing
    return found


@bp.get("/admin/translations")
@permit(Permission.PROGRAMME_READ)
def overview() -> ResponseReturnValue:
    """Show the progress of each language in each part of the content."""
    known = content()
    progress = {
        language: rules.progress_of(known.translations, code)
        for code, language in known.languages.items()
        if code != ENGLISH
    }
    return render_template(
        "translation/overview.html",
        progress=progress,
        states=SHOWN,
        names=STATE_NAMES,
        part_name=_part_name,
    )


@bp.get("/admin/translations/<code>")
@permit(Permission.PROGRAMME_READ, of=language_for)
def language(language: Language) -> ResponseReturnValue:
    """List the texts of a part in a language with their states."""
    found = content().translations
    parts = sorted({rules.part_of(entry) for entry in found.entries})
    part = request.args.get("part", parts[0])
    lines = [
        (entry, found.state(entry, language.code), found.record(entry, language.code))
        for entry in sorted(found.entries, key=languages.in_order_of(ENGLISH))
        if rules.part_of(entry) == part
    ]
    if not lines:
        raise Missing
    return render_template(
        "translation/language.html",
        spoken=language,
        part=part,
        parts=parts,
        lines=lines,
        part_name=_part_name,
        names=STATE_NAMES,
        kinds=STATE_KINDS,
    )


@bp.get("/admin/translations/<code>/text")
@permit(Permission.PROGRAMME_READ, of=language_for)
def text(language: Language) -> ResponseReturnValue:
    """Show a text beside its English, paragraph by paragraph, with what changed since."""
    found, entry = content().translations, request.args.get("entry", "")
    if entry not in found.entries:
        raise Missing
    return render_template(
        "translation/text.html",
        spoken=language,
        entry=entry,
        units=rules.units_of(found, language.code, [entry]),
        state=found.state(entry, language.code),
        record=found.record(entry, language.code),
        names=STATE_NAMES,
        kinds=STATE_KINDS,
    )


def _part_name(part: str) -> str:
    return part_name(part, content(), languages.current())
