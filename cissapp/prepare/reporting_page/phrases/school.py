"""The school's own details: people, ways, bodies, limits; no contacts unconfirmed for six months."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct, field

from cissapp.foundation.content.packs import named
from cissapp.foundation.content.schema import Helpline
from cissapp.prepare.facts.queries import GatheredFacts
from cissapp.prepare.facts.rules import is_printed
from cissapp.prepare.facts.rules.facts import HELPLINE
from cissapp.prepare.mechanism.models import ReportingChannel
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium
from cissapp.prepare.mechanism.rules.channels import medium_of
from cissapp.prepare.reporting_page.phrases.pieces import Answer, Way
from cissapp.prepare.reporting_page.rules import Piece, linked

# Ways of these media are useless without a number or address.
NEEDS_CONTACT = frozenset({ChannelMedium.MAIL, ChannelMedium.PHONE, ChannelMedium.FORM})


class SchoolWords(Struct):
    """The details of a school on a date; `used` collects the facts that were read."""

    gathered: GatheredFacts
    today: date
    language: str
    used: dict[str, str] = field(default_factory=dict)

    def say(self, key: str) -> str:
        """Return the value of a fact if it may be printed today, else an empty string."""
        fact = self.gathered.facts.get(key)
        if fact is None or not is_printed(fact, self.today):
            return ""
        self.used[key] = fact.value
        return fact.value

    def people(self) -> tuple[Way, ...]:
        """List the people who take reports, by job title."""
        found = []
        for person in self.gathered.persons:
            key = f"person.{person.id}"
            contact = tuple(linked(self.say(f"{key}.contact")))
            title, hours = self.say(f"{key}.office"), self.say(f"{key}.hours")
            found.append(Way("person", title, contact, hours))
        return tuple(found)

    def ways(self, *, outside: bool, for_adults: bool = False) -> tuple[Way, ...]:
        """List the ways in or outside the school, with `for_adults` only those that adults can use."""
        rows = [
            one
            for one in self.gathered.channels
            if (one.kind is ChannelKind.OUTSIDE) is outside and (one.for_adults or not for_adults)
        ]
        return tuple(filter(None, map(self._way, rows)))

    def _way(self, channel: ReportingChannel) -> Way | None:
        key, medium = f"channel.{channel.id}", medium_of(channel)
        fact = self.gathered.facts.get(f"{key}.contact")
        if medium in NEEDS_CONTACT and not (fact and is_printed(fact, self.today)):
            return None
        notes = [
            _("You do not have to give your name.") if channel.anonymous else "",
            _("Works in the holidays too.") if channel.in_holidays else "",
        ]
        sign = "outside" if channel.kind is ChannelKind.OUTSIDE else medium.value
        contact = tuple(linked(self.say(f"{key}.contact")))
        title, hours = self.say(f"{key}.description"), self.say(f"{key}.hours")
        return Way(sign, title, contact, hours, tuple(str(one) for one in notes if one))

    def bodies(self) -> tuple[Way, ...]:
        """List whom the school contacts, when and how."""
        found = []
        for step in self.gathered.steps:
            key = f"step.{step.id}"
            contact = tuple(linked(self.say(f"{key}.contact")))
            found.append(Way("outside", self.say(f"{key}.body"), contact, self.say(f"{key}.when")))
        return tuple(found)

    def helplines(self) -> tuple[Way, ...]:
        """List the services of the country that were checked within six months."""
        found = []
        for line in self.gathered.helplines:
            if not self.say(f"{HELPLINE}.{self.gathered.helpline_code}.{line.id}"):
                continue
            about = named(line.about, self.language)
            title = named(line.names, self.language)
            found.append(Way("outside", title, tuple(dialled(line)), notes=(about,), typed=False))
        return tuple(found)

    def answers(self, *asked: tuple[str, str]) -> tuple[Answer, ...]:
        """Pair questions with the school's answers, by key, without questions that have none."""
        said = [(label, self.say(key)) for label, key in asked]
        return tuple(Answer(label, tuple(linked(text))) for label, text in said if text)

    def limits(self) -> tuple[str, ...]:
        """Return the time limits for an answer, a plan and passing on, as far as they are set."""
        answer, plan, crime = (
            self.say(f"limits.{name}") for name in ("answer_days", "plan_days", "crime_hours")
        )
        found = []
        if answer:
            found.append(
                ngettext(
                    "The school answers within %(num)d working day.",
                    "The school answers within %(num)d working days.",
                    int(answer),
                )
            )
        if plan:
            found.append(
                ngettext(
                    "A plan to protect the child is made within %(num)d working day.",
                    "A plan to protect the child is made within %(num)d working days.",
                    int(plan),
                )
            )
        if crime:
            found.append(
                ngettext(
                    "If it may be a crime, the school tells the authorities within %(num)d hour, or at once if there is danger.",
                    "If it may be a crime, the school tells the authorities within %(num)d hours, or at once if there is danger.",
                    int(crime),
                )
            )
        return tuple(found)


def dialled(line: Helpline) -> list[Piece]:
    """Return the numbers of a service with links to dial them, then its web address."""
    pieces: list[Piece] = []
    numbers = [(text, f"tel:{dial}") for text, dial in zip(line.numbers, line.dial, strict=True)]
    for text, address in [*numbers, *([(line.web, line.web)] if line.web else [])]:
        if pieces:
            pieces.append((", ", None))
        pieces.append((text, address))
    return pieces
