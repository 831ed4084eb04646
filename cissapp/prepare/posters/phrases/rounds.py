"""The texts of the round: the states of posters, and the printed list."""

from collections.abc import Sequence

from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_
from cissapp.foundation.office.filling import plain, table
from cissapp.foundation.office.manuscripts import Manuscript
from cissapp.foundation.web.filters import day
from cissapp.prepare.posters.queries import PlaceOnRound
from cissapp.prepare.posters.rules.choices import FORMAT_NAMES, READERS_NAMES
from cissapp.prepare.posters.rules.rounds import UNSEEN_MONTHS, PosterState

STATE_NAMES = {
    PosterState.NO_POSTER: ("none", N_("No poster yet")),
    PosterState.PRINTED: ("info", N_("Printed, not seen yet")),
    PosterState.HANGS: ("ok", N_("On display")),
    PosterState.UNSEEN: ("warn", N_("Not seen for three months")),
}
BOX = "☐"


class RoundLine(Struct, frozen=True):
    """A place as the page shows it: its state in words and as a status kind."""

    found: PlaceOnRound
    kind: str
    state: str
    seen: str
    what: str


def round_line(found: PlaceOnRound) -> RoundLine:
    """Return a place of the round in words."""
    kind, name = STATE_NAMES[found.state]
    return RoundLine(found, kind, _(name), _seen(found), _what(found))


def _seen(found: PlaceOnRound) -> str:
    """Return since when a poster has been up and when it was last seen; dates only, never a person."""
    sightings, poster = found.sightings, found.poster
    if sightings:
        first, last = day(sightings.first_on), day(sightings.last_on)
        return str(_("On display since %(first)s, last seen on %(last)s", first=first, last=last))
    return str(_("Printed on %(day)s", day=day(poster.printed_at))) if poster else ""


def _what(found: PlaceOnRound) -> str:
    poster = found.poster
    if poster is None:
        return ""
    return f"{_(FORMAT_NAMES[poster.format])} · {_(READERS_NAMES[poster.readers])} · {poster.code}"


def round_manuscript(
    school: str, found: Sequence[PlaceOnRound], language: str, *, boxes: bool, across: str
) -> Manuscript:
    """Return the list as a text to print; with `boxes`, as a sheet to take round."""
    head = [_("Place"), _("Poster"), _("Status"), _("Last seen")]
    rows = []
    for one in found:
        line = round_line(one)
        seen = day(one.sightings.last_on) if one.sightings else ""
        row = [plain(one.place.name), plain(line.what), plain(line.state), plain(seen)]
        rows.append([*row, BOX, BOX] if boxes else row)
    if boxes:
        head += [_("On display and readable"), _("Missing or damaged")]
    return Manuscript(
        title=_("Poster round"),
        lines=(school, _("As of %(day)s", day=day(clock.now()))),
        text=f"{_introduction(found, boxes=boxes)}\n\n{table(head, rows)}",
        language=language,
        across=across,
        landscape=boxes,
    )


def _introduction(found: Sequence[PlaceOnRound], *, boxes: bool) -> str:
    if boxes:
        text = _(
            "Go round, tick a box for each place, and enter the result on the poster round page. Put up a new poster where one is missing or damaged."
        )
    else:
        text = _(
            "%(hanging)s of %(all)s places have a poster that was seen within the last %(months)s months. Counted from codes on the posters and from the school’s own rounds. Only days are recorded, not people.",
            hanging=sum(one.state is PosterState.HANGS for one in found),
            all=len(found),
            months=UNSEEN_MONTHS,
        )
    return str(text)
