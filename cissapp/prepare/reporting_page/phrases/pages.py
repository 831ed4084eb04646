"""Writes the page: sentences common to all schools, around those of this school."""

from collections.abc import Callable, Sequence
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.helplines import POLICE
from cissapp.foundation.web.help_lines import shown_helpline
from cissapp.prepare.facts.queries import GatheredFacts
from cissapp.prepare.facts.rules import is_printed
from cissapp.prepare.facts.rules.facts import HELPLINE, PAGE
from cissapp.prepare.reporting_page.phrases.pieces import Answer, Block, Way, WrittenPart
from cissapp.prepare.reporting_page.phrases.school import SchoolWords
from cissapp.prepare.reporting_page.rules import PART_NAMES, PagePart


class WrittenPage(Struct, frozen=True):
    """The page in a language: whom to call, its parts, and the school's facts in it."""

    language: str
    title: str
    school: str
    locality: str
    school_language: str
    country_code: str
    lead: tuple[str, ...]
    danger: str
    numbers: tuple[Way, ...]
    parts: tuple[WrittenPart, ...]
    facts: dict[str, str]


def write_page(
    gathered: GatheredFacts, parts: Sequence[PagePart], language: str, today: date
) -> WrittenPage:
    """Return the page of a school in a language, with the facts that may be printed today."""
    with force_locale(language):
        words = SchoolWords(gathered, today, language)
        school, locality = words.say("school.name"), words.say("school.locality")
        words.say(PAGE)
        written = tuple(
            WrittenPart(part.value, str(_(PART_NAMES[part])), _filled(WRITERS[part](words)))
            for part in parts
        )
        return WrittenPage(
            language=language,
            title=str(_("How to report something that happened online")),
            school=school,
            locality=locality,
            school_language=gathered.school.language,
            country_code=gathered.school.country_code,
            lead=(
                str(_("Does something online frighten you, hurt you or feel wrong? Tell someone.")),
                str(_("You are not to blame, whatever happened.")),
            ),
            danger=_danger(gathered, today, language),
            numbers=words.helplines(),
            parts=written,
            facts=words.used,
        )


def _filled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if not block.is_empty)


def _danger(gathered: GatheredFacts, today: date, language: str) -> str:
    """Return the notice that nobody monitors the page, and whom to call in danger, if recently checked."""
    start = f"{HELPLINE}.{gathered.helpline_code}"
    for line in gathered.helplines:
        fact = gathered.facts[f"{start}.{line.id}"]
        if line.kind == POLICE and line.numbers and is_printed(fact, today):
            name = shown_helpline(line, language).name
            return str(
                _(
                    "This page does not take reports, and nobody is monitoring it. Is a child in danger now? Call %(number)s (%(name)s).",
                    number=line.numbers[0],
                    name=name,
                )
            )
    return str(
        _(
            "This page does not take reports, and nobody is monitoring it. Is a child in danger now? Call the police."
        )
    )


# --- for pupils --------------------------------------------------------------------------------


def _for_pupils(words: SchoolWords) -> list[Block]:
    return [
        Block(
            _("You are not to blame"),
            (
                _(
                    "It is never your fault, even if you broke a rule, sent a picture or kept it to yourself for a long time."
                ),
                _("Nobody at school is allowed to punish you for telling."),
            ),
        ),
        Block(_("Who you can tell at school"), ways=words.people()),
        Block(
            _("Other ways to tell the school"),
            ways=words.ways(outside=False),
        ),
        Block(_("Outside the school"), ways=words.ways(outside=True)),
        Block(
            _("What happens next"),
            points=(
                _("Someone listens to you, and only asks what they need to know to help."),
                *words.limits(),
            ),
        ),
        Block(
            _("Is it about the head, or about one of these people?"),
            (_("You do not have to go to the person it is about."),),
            answers=_about_adults(words),
        ),
        Block(
            _("Pictures and messages"),
            points=(
                _("Keep messages. They help to stop it."),
                _("Do not send these pictures on to anyone, and do not put them anywhere."),
                _("Say that there are pictures like this. You do not have to show them."),
            ),
        ),
    ]


def _about_adults(words: SchoolWords) -> tuple[Answer, ...]:
    return words.answers(
        (_("If it is about the head, go to"), "about.head"),
        (_("If it is about one of the people who take reports, go to"), "about.person"),
    )


# --- for parents -------------------------------------------------------------------------------


def _for_parents(words: SchoolWords) -> list[Block]:
    return [
        Block(
            _("When your child tells you something"),
            points=(
                _("Stay calm, listen, and say that it was right to tell you."),
                _("Do not blame your child, and do not take the phone away as a punishment."),
                _(
                    "Keep messages. Do not forward pictures, and do not write to the person who sent them."
                ),
                _("Tell the school or one of the numbers on this page."),
            ),
        ),
        Block(
            _("How to reach the school"),
            ways=(*words.people(), *words.ways(outside=False, for_adults=True)),
            answers=words.answers(
                (_("For parents and neighbours"), "cover.parents_contact"),
                (_("A child is in danger and the school is closed"), "cover.out_of_hours"),
                (_("In the holidays"), "cover.holiday_cover"),
            ),
        ),
        Block(_("What happens next"), points=words.limits()),
        Block(
            _("Is it about the head, or someone else who works here?"),
            answers=_about_adults(words),
        ),
    ]


# --- for staff ---------------------------------------------------------------------------------


def _for_staff(words: SchoolWords) -> list[Block]:
    return [
        Block(
            _("When a child tells you something"),
            points=(
                _("Listen. Do not promise to keep it secret. Say who will be told."),
                _("Do not question the child, and do not investigate it yourself."),
                _("Note the day, the time and the child’s own words, and nothing else."),
                _("Pass it on today to one of the people below."),
                _(
                    "Never look for, view, copy or forward sexual images of a child. Leave the device as it is."
                ),
            ),
        ),
        Block(_("Who to tell"), ways=words.people()),
        Block(_("Time limits"), points=words.limits()),
        Block(_("Who the school calls"), ways=words.bodies()),
        Block(
            _("Is it about the head, or someone else who works here?"),
            answers=_about_adults(words),
        ),
        Block(
            _("Rules of this school"),
            answers=words.answers(
                (_("Nobody is punished for reporting"), "rules.no_retaliation"),
                (_("Reports about staff or about the head"), "rules.about_staff"),
                (_("Evidence, and sexual images of children"), "rules.evidence_rule"),
            ),
        ),
    ]


WRITERS: dict[PagePart, Callable[[SchoolWords], list[Block]]] = {
    PagePart.PUPILS: _for_pupils,
    PagePart.PARENTS: _for_parents,
    PagePart.STAFF: _for_staff,
}
