"""What the people of a demo school do: learn, upload, describe, score, submit."""

from datetime import datetime, timedelta
from random import Random

from msgspec.structs import replace

from cissapp.foundation.content.values import Content, Criterion, Module
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake import AcceptedFile, examine
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.reasons import FileFinding
from cissapp.foundation.intake.stripping.pdf import stripped
from cissapp.learn.learning import queries as learned
from cissapp.learn.learning import services as learning
from cissapp.learn.learning.rules import AttemptPurpose
from cissapp.learn.learning.rules.grading import full_answer, worthless_answer
from cissapp.operate.demo.schools import policy_files
from cissapp.operate.demo.schools.wording import facts_in_language, in_language
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.models import School
from cissapp.prepare.applications import services as applications
from cissapp.prepare.assessment import services as scores
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.rules.dates import EvidenceDates
from cissapp.prepare.documents.rules.files import CheckedFile
from cissapp.prepare.documents.services import dates, documents
from cissapp.prepare.mechanism import queries as mechanism_queries
from cissapp.prepare.mechanism import services as mechanism
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium, MechanismPart
from cissapp.prepare.mechanism.rules.parts import (
    AboutAdults,
    ChannelFacts,
    Coverage,
    EscalationFacts,
    PersonFacts,
    ProtectionRules,
    RecipientFacts,
    TimeLimits,
)
from cissapp.prepare.mechanism.services import EntryFacts

HOUR = timedelta(hours=1)
PERSONS = (
    PersonFacts(
        N_("School psychologist"),
        N_("room 12, psychologist@school.example"),
        "9:00-15:00",
        trained=True,
        alternate=True,
    ),
    PersonFacts(
        N_("Designated person"),
        N_("room 4, protect@school.example"),
        "8:00-16:00",
        trained=True,
        alternate=True,
    ),
)
CHANNELS = (
    ChannelFacts(
        ChannelKind.IN_PERSON,
        N_("Talk to one of the two trained adults"),
        N_("rooms 4 and 12"),
        "8:00-16:00",
        medium=ChannelMedium.CONVERSATION,
        opens="08:00",
        closes="16:00",
        past_head=True,
    ),
    ChannelFacts(
        ChannelKind.DIGITAL,
        N_("Write instead of talking"),
        "protect@school.example",
        N_("read every day"),
        in_holidays=True,
        medium=ChannelMedium.MAIL,
        for_adults=True,
        past_head=True,
    ),
    ChannelFacts(
        ChannelKind.OUTSIDE,
        N_("The child helpline of our country"),
        N_("its number is on this page"),
        N_("as the service says"),
        in_holidays=True,
        anonymous=True,
    ),
)
STEPS = (
    EscalationFacts(
        N_("Police"),
        N_("at once, if a child is in danger or a crime is suspected"),
        N_("the emergency number"),
    ),
    EscalationFacts(
        N_("Child-protection authority"), N_("the same day"), N_("the office of the district")
    ),
)
TOLD = (
    RecipientFacts(
        1, N_("Designated person"), N_("everything, from the person who took the report")
    ),
    RecipientFacts(2, N_("School psychologist"), N_("what is needed to support the child")),
    RecipientFacts(
        3,
        N_("Head"),
        N_("that there is a report, and what was decided; nothing, if it is about the head"),
    ),
)
RULES = ProtectionRules(
    confidentiality=N_(
        "Only the two trained adults and those who must act learn what was said. The child is told before it is passed on."
    ),
    no_retaliation=N_(
        "Nobody is punished for a report in good faith, for being harmed, for waiting, or for breaking a device rule when asking for help."
    ),
    about_staff=N_(
        "A report about a member of staff or the head bypasses that person and goes to the founder and the police."
    ),
    evidence_rule=N_(
        "Nobody searches for, views, copies, photographs, forwards, prints or stores sexual images of children. The device is put aside, the time and address are noted, and the designated person calls the police or the hotline."
    ),
    never_handles_images=True,
)
POLICY = N_("School safety policy")
COVER = (N_("the emergency number"), N_("the designated person, every day"))
PRACTICE = N_(
    "%(criterion)s: written in the policy, known to the staff, and checked every September."
)

TESTED = 2  # the modules before and after which people of the demonstration take the short test
KNOWN = {
    AttemptPurpose.BEFORE: 0.45,
    AttemptPurpose.AFTER: 0.85,
}  # the share of questions they know


def learn(
    person: User, modules: list[Module], *, reading: bool, content: Content, at: datetime
) -> None:
    """Read the modules and pass their quizzes, one module a day; heads take the short tests of the first ones."""
    chance = Random(person.email)  # noqa: S311 -- the demo is the same each time
    for number, module in enumerate(modules):
        moment = at + timedelta(days=number)
        tested = number < TESTED and person.duty is Duty.HEAD
        if tested:
            _answer(person, module, AttemptPurpose.BEFORE, chance, content=content, at=moment)
        for lesson in module.lessons if reading else ():
            learning.mark_read(lesson, by=person, at=moment)
        _answer(person, module, AttemptPurpose.QUIZ, chance, content=content, at=moment + HOUR)
        if tested:
            later = moment + 3 * HOUR
            _answer(person, module, AttemptPurpose.AFTER, chance, content=content, at=later)


def _answer(
    person: User,
    module: Module,
    purpose: AttemptPurpose,
    chance: Random,
    *,
    content: Content,
    at: datetime,
) -> None:
    """Take a test, or the quiz with at most two mistakes, whose number depends on the person."""
    attempt = learning.start_attempt(
        module,
        content=content,
        by=person,
        at=at,
        purpose=purpose,
        language=person.language,
        random=chance,
    )
    asked = learned.asked_questions(attempt)
    often = Random(person.name).choice([0, 0, 1, 2])  # noqa: S311 -- as above
    slips = chance.sample(sorted(asked), often)
    answers = {}
    for row in attempt.questions:
        key = asked[row.position].key
        knows = chance.random() < KNOWN[purpose] if purpose in KNOWN else row.position not in slips
        answers[row.position] = full_answer(key) if knows else worthless_answer(key)
    learning.save_answers(attempt, answers, by=person, at=at)
    learning.hand_in(attempt, content=content, by=person, at=at + HOUR)


def begin(person: User, module: Module, lessons: int, *, at: datetime) -> None:
    """Read the first lessons of a module."""
    for lesson in module.lessons[:lessons]:
        learning.mark_read(lesson, by=person, at=at)


def prepare(
    school: School, head: User, *, content: Content, store: FileStore, checked: bool, at: datetime
) -> None:
    """Upload the policy, describe the mechanism, score every criterion."""
    language = school.language
    title = in_language(POLICY, language)
    file = policy_files.policy(school.name, school.locality, title, language)
    taken = examine(file, "policy.pdf") if checked else _like(title, language, file)
    document = documents.add_document(
        school,
        title=title,
        evidence_code="POL",
        file=CheckedFile(file, "policy.pdf", taken),
        store=store,
        by=head,
        at=at,
    )
    _date(document, by=head, at=at)
    channels = [replace(one, languages=[language]) for one in CHANNELS]
    entries: list[EntryFacts] = [*PERSONS, *channels, *STEPS, *TOLD]
    for facts in entries:
        mechanism.add_entry(school, facts_in_language(facts, language), by=head, at=at)
    first = mechanism_queries.entries(school.id, MechanismPart.PERSONS)[0]
    cover = Coverage([language], *(in_language(one, language) for one in COVER))
    mechanism.save_mechanism(school, cover, by=head, at=at)
    mechanism.save_mechanism(school, AboutAdults(first.id, first.id), by=head, at=at)
    mechanism.save_mechanism(school, TimeLimits(24, 1, 3), by=head, at=at)
    mechanism.save_mechanism(school, facts_in_language(RULES, language), by=head, at=at)
    score_all(school, head, content=content, at=at + timedelta(days=3))


def _like(title: str, language: str, file: bytes) -> AcceptedFile:
    """Return what the check finds in such a file: all demo policies are generated by the same code."""
    first, *others = ("\n".join(page) for page in policy_files.pages(language))
    texts = (f"{title}\n{first}", *others)
    return AcceptedFile(
        MediaType.PDF,
        "\n".join(texts),
        len(texts),
        (),
        texts=texts,
        found=(FileFinding.AUTHOR.value, FileFinding.PLACE.value),
        copy=stripped(file)[0],
    )


def _date(document: Document, *, by: User, at: datetime) -> None:
    """Date the policy: decided a month before, and valid until its yearly review."""
    decided = at.date() - timedelta(days=30)
    days = EvidenceDates(evidence_on=decided, expires_on=decided + timedelta(days=365))
    dates.save_dates(document.versions[-1], days, by=by, at=at)


def score_all(school: School, head: User, *, content: Content, at: datetime) -> None:
    """Score every criterion, with a text and the policy as evidence."""
    shown = frozenset(one.id for one in document_queries.documents(school.id))
    answers = {}
    for criterion in content.standard.criteria:
        pages = dict.fromkeys(shown, "1" if criterion.part == "A" else "1-2")
        answers[criterion.id] = ScoreFacts(
            level_of(criterion), _says(criterion, school.language), "", shown, pages
        )
    scores.save_scores(school, answers, standard=content.standard, by=head, at=at)


def level_of(criterion: Criterion) -> int:
    """Return the level that a demo school reaches: three on a few criteria, otherwise two."""
    return 3 if criterion.id in {"A4", "A9", "B6", "C4"} else 2


def _says(criterion: Criterion, language: str) -> str:
    return in_language(PRACTICE, language, criterion=criterion.text(language).title)


def submit(school: School, head: User, *, content: Content, at: datetime) -> None:
    """Submit the application."""
    applications.submit_for_school(school, content=content, statement_signed=True, by=head, at=at)
