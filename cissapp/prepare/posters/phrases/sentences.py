"""The sentences of posters for each kind of reader, in a language independent of the page's."""

from flask_babel import force_locale
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.prepare.posters.rules.choices import Readers
from cissapp.prepare.posters.rules.signs import Sign


class Sentences(Struct, frozen=True):
    """The words of a poster in one language."""

    language: str
    title: str
    lead: str
    promises: tuple[tuple[Sign, str], ...]
    inside: str
    outside: str
    scan: str
    check: str


def sentences_in(language: str, readers: Readers) -> Sentences:
    """Return the words for readers in a language."""
    with force_locale(language):
        title, lead = _title_and_lead(readers)
        return Sentences(
            language=language,
            title=title,
            lead=lead,
            promises=_promises(readers),
            inside=_inside(readers),
            outside=_outside(readers),
            scan=_("Scan this for all ways to report at our school."),
            check=_("For the poster check"),
        )


def _title_and_lead(readers: Readers) -> tuple[str, str]:
    if readers is Readers.YOUNGER:
        return (
            _("Something bad online? Tell us!"),
            _("Did something on a phone or computer scare you or make you sad? We will help you."),
        )
    if readers is Readers.OLDER:
        return (
            _("Trouble online? You can tell us."),
            _(
                "Threats, pressure, pictures, someone who does not stop: whatever happened, we listen."
            ),
        )
    if readers is Readers.PARENTS:
        return (
            _("Worried about something online? Talk to us."),
            _("If something happened to your child or to another child, this is how to reach us."),
        )
    return (
        _("A pupil tells you something. What now?"),
        _("Listen, write down the child’s own words, and pass it on today."),
    )


def _promises(readers: Readers) -> tuple[tuple[Sign, str], ...]:
    """List the promises, most important first; for staff, the instructions."""
    if readers is Readers.YOUNGER:
        return (
            (Sign.NOT_YOUR_FAULT, _("It is not your fault.")),
            (Sign.PROTECTED, _("Nobody will punish you for telling.")),
            (Sign.TALK, _("You can tell, even if you promised not to.")),
            (Sign.HOME, _("You can also tell someone at home.")),
        )
    if readers is Readers.OLDER:
        return (
            (Sign.NOT_YOUR_FAULT, _("It is not your fault, whatever you did or sent.")),
            (Sign.PROTECTED, _("You will not be punished for telling.")),
            (Sign.PRIVATE, _("Only people who are helping you will be told.")),
            (Sign.NO_PICTURES, _("Do not send pictures on. You do not have to show them.")),
        )
    if readers is Readers.PARENTS:
        return (
            (Sign.NOT_YOUR_FAULT, _("Your child is not to blame.")),
            (Sign.PROTECTED, _("No child is punished for telling.")),
            (Sign.PRIVATE, _("Only people who are helping will be told.")),
            (Sign.NO_PICTURES, _("Do not copy pictures of a child or send them on.")),
        )
    return (
        (Sign.LISTEN, _("Listen. Do not question the child.")),
        (Sign.NOT_YOUR_FAULT, _("Say: it is not your fault.")),
        (Sign.PRIVATE, _("Do not promise to keep it secret.")),
        (Sign.NO_PICTURES, _("Do not look at, copy or send pictures.")),
    )


def _inside(readers: Readers) -> str:
    if readers is Readers.STAFF:
        return str(_("Tell one of these people today"))
    if readers is Readers.PARENTS:
        return str(_("At our school"))
    return str(_("Tell us here"))


def _outside(readers: Readers) -> str:
    if readers is Readers.STAFF:
        return str(_("Outside the school"))
    if readers is Readers.PARENTS:
        return str(_("Outside our school"))
    return str(_("Or tell someone outside our school"))
