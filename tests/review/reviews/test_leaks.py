"""Role x phase x object: no page and no query shows what the table of phases hides."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec import Struct
from msgspec.structs import asdict

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.review.reviews import queries, services
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.queries import QueueFilter
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.desk import DeskState
from cissapp.review.reviews.rules.phases import SCORES_OF, CaseContent, may_see
from cissapp.review.reviews.rules.places import ReviewPlace
from tests import factories as make
from tests.client import SECRETS, Client
from tests.factories import NOW
from tests.foundation.access.test_every_route import READABLE, is_open_to

pytestmark = pytest.mark.usefixtures("stopped_clock")

PLACES = list(ReviewPlace)
# The criterion whose reason holds the canary is at its target: the letter does not tell of it.
QUIET = "A4"
REASON = {
    place: f"CANARY-REASON-{place.value}, said at the length that a reason needs."
    for place in ReviewPlace
}
SUMMARY = {
    place: f"CANARY-SUMMARY-{place.value}, said at the length that it needs."
    for place in ReviewPlace
}
LEFT_OUT = ("/learn", "/static", "/sign-out", "/verify", "/api", "/log", "/metrics")


# The steps at which there is something to hide from somebody that others may see.
WALKED = {"second before first", "third open", "to decide", "decided"}
# Who may see nothing at any step is asked, in the short form, where most lies there to be seen.
NOTHING_TO_SEE = {"stranger", "school", "secretariat", "ministry", "inviter", "tied", "undeclared"}
FULLEST = {"to decide", "decided"}
# Other wings may not import the review, so that they cannot read its tables; into these three rooms it writes itself.
READS_OR_IS_TOLD = tuple(
    f"cissapp.{one}."
    for one in ("review", "oversee", "people.home", "people.notices", "people.deadlines")
)


class Stage:
    """An application, its people, and the steps that lead it through all phases."""

    def __init__(self) -> None:
        make.keyring()  # the public pages need the installation's keys
        self.application = make.handed_in(sift=False)
        of = self.application.school
        names = ("first", "second", "third", "free", "inviter")
        self.people: dict[str, User] = {
            one: make.user(Role.REVIEWER, group_id=of.group_id) for one in names
        }
        for one in self.people.values():
            make.declared(self.application, one)
        self.people |= {
            "tied": make.user(Role.REVIEWER, group_id=of.group_id),
            "undeclared": make.user(Role.REVIEWER, group_id=of.group_id),
            "coordinator": make.user(Role.COORDINATOR, group_id=of.group_id),
            "stranger": make.user(Role.REVIEWER),
            "school": make.manager(of, invited_by_id=self.people["inviter"].id),
            "secretariat": make.user(Role.SECRETARIAT),
            "ministry": make.user(Role.MINISTRY),
        }
        make.declared(self.application, self.people["tied"], "paid_by_school")
        self.reviews: dict[ReviewPlace, Any] = {}

    def steps(self) -> Iterator[str]:
        yield "sift"
        make.completeness_checked(self.application)
        yield "to review"
        self._begin(ReviewPlace.FIRST)
        make.wanting_second(self.application)
        yield "first open"
        self._begin(ReviewPlace.SECOND)
        yield "both open"
        self._hand_in(ReviewPlace.SECOND)
        yield "second before first"
        self._hand_in(ReviewPlace.FIRST)
        yield "third wanted"
        self._begin(ReviewPlace.THIRD)
        yield "third open"
        self._hand_in(ReviewPlace.THIRD)
        yield "to decide"
        make.ruled(
            self.reviews[ReviewPlace.FIRST],
            self.people["free"],
            outcome=ApplicationOutcome.MAJOR_GAPS,
            level=None,
        )
        yield "decided"

    def _begin(self, place: ReviewPlace) -> None:
        author = self.people[place.value]
        review = make.begun(self.application, author, place=place)
        levels = {
            "A1": 3 if place is ReviewPlace.FIRST else 1,
            QUIET: 0 if place is ReviewPlace.SECOND else 3,
        }
        with make._unit():
            row = session.get_one(Review, review.id)
            standard = content().standard
            judgements = [
                services.ScoreInput(
                    criterion,
                    levels.get(criterion.id, 2),
                    REASON[place] if criterion.id == QUIET else make.REASON,
                    ["mechanism"],
                )
                for criterion in standard.criteria
                if queries.scores_anew(row, criterion.id)
            ]
            services.save_scores(row, judgements, standard=standard, by=row.assessor, at=NOW)
        self.reviews[place] = review

    def _hand_in(self, place: ReviewPlace) -> None:
        outcome = ApplicationOutcome.MAJOR_GAPS
        self.reviews[place] = make.recommended(
            self.reviews[place], recommendation=outcome, level=None, summary=SUMMARY[place]
        )

    def allowed(self, name: str) -> set[str]:
        """Say by the table alone which canaries a person may see now."""
        application = session.get_one(Application, self.application.id)
        person = session.get_one(User, self.people[name].id)
        case = queries.case(application, person, today=NOW.date())
        found = queries.reviews_of(application, application.round)
        shown = set()
        for place, review in found.items():
            own = review.assessor_id == person.id
            done = review.state is ReviewState.HANDED_IN
            if own or (done and may_see(case.whos, SCORES_OF[place], case.phase)):
                shown.add(f"CANARY-REASON-{place.value}")
            if done and (own or may_see(case.whos, CaseContent.COMMENTS, case.phase)):
                shown.add(f"CANARY-SUMMARY-{place.value}")
        return shown if name in IN_GROUP else set()


IN_GROUP = {"first", "second", "third", "free", "inviter", "tied", "undeclared", "coordinator"}
CANARIES = [
    f"CANARY-{kind}-{place.value}" for kind in ("REASON", "SUMMARY") for place in ReviewPlace
]


def addresses(
    app: Flask, values: dict[str, Any], person: User, *, name: str, every_wing: bool
) -> Iterator[str]:
    """Yield the address of every page that the role may open and that can be asked for with the application.

    Pages for anybody are asked for by one person of the group: they know nobody.
    """
    adapter = app.url_map.bind("localhost")
    known = {**READABLE, **values, "criterion_id": QUIET}
    for rule in app.url_map.iter_rules():
        left_out = rule.rule.startswith(LEFT_OUT) or rule.rule.endswith(("/file", ":size>"))
        if (
            left_out
            or not is_open_to(app, rule, person)
            or "GET" not in (rule.methods or set())
            or not set(rule.arguments) <= set(known)
        ):
            continue
        view = app.view_functions[rule.endpoint]
        if view.access is None and name != "first":
            continue
        if not (every_wing or view.__module__.startswith(READS_OR_IS_TOLD)):
            continue
        yield adapter.build(rule.endpoint, {one: known[one] for one in rule.arguments})


def texts(value: Any, seen: set[int]) -> Iterator[str]:
    """Yield every text that hangs on a value: of records, collections and rows."""
    if isinstance(value, str):
        yield value
        return
    if value is None or isinstance(value, int | float | bool | UUID | type) or id(value) in seen:
        return
    seen.add(id(value))
    for part in parts_of(value):
        yield from texts(part, seen)


def parts_of(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if isinstance(value, Struct):
        return list(asdict(value).values())
    if isinstance(value, Review):
        return [value.summary, value.scores]
    columns = value.__mapper__.column_attrs if hasattr(value, "__table__") else []
    return [getattr(value, one.key) for one in columns]


def text_of(content: bytes) -> str:
    """Give what stands in an answer, in every file of it if it is an archive."""
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as archive:
            return "".join(text_of(archive.read(name)) for name in archive.namelist())
    return content.decode(errors="replace")


def found_in(text: str) -> set[str]:
    return {one for one in CANARIES if one in text}


def test_no_page_shows_what_a_phase_hides(
    app: Flask, sign_in: Callable[[User], Client], request: pytest.FixtureRequest
):
    in_long_form = request.config.getoption("long")
    stage = Stage()
    browsers = {name: sign_in(person) for name, person in stage.people.items()}
    with app.app_context():
        row = session.get_one(Application, stage.application.id)
        values = {
            "application_id": row.id,
            "school_id": row.school_id,
            "version_id": row.submissions[0].versions[0].version_id,
            "page": 1,
            "size": "large",
        }
    leaks, asked, shown, read = [], 0, set(), set()
    for step in stage.steps():
        if step not in WALKED:
            continue
        for name, browser in browsers.items():
            if name in NOTHING_TO_SEE and step not in FULLEST and not in_long_form:
                continue
            with app.app_context():
                allowed = stage.allowed(name)
            every_wing = step == "to decide" or (step, name) == ("decided", "school")
            for address in addresses(
                app, values, stage.people[name], name=name, every_wing=every_wing or in_long_form
            ):
                # Each address once as strictly as a browser; the others are only searched.
                kind = re.sub(r"[0-9a-f-]{36}", "", address), name
                answer = (
                    FlaskClient.open(browser, address) if kind in read else browser.get(address)
                )
                read.add(kind)
                assert not any(one.encode() in answer.data for one in SECRETS), (step, address)
                asked += 1
                seen = found_in(text_of(answer.data))
                shown |= {(step, name, one) for one in seen}
                leaks += [(step, name, address, one) for one in seen - allowed]
                assert answer.status_code < 500, (step, name, address)

    assert leaks == []
    assert asked > 1700
    assert {name for step, name, _ in shown if step == "to decide"} == {
        "first", "second", "third", "free",
    }  # fmt: skip
    assert ("second before first", "second", "CANARY-REASON-second") in shown


@pytest.mark.one_database("sqlite")
def test_no_query_gives_what_a_phase_hides(app: Flask):
    stage = Stage()
    leaks, shown = [], set()
    for step in stage.steps():
        for name in sorted(IN_GROUP):
            with app.app_context():
                application = session.get_one(Application, stage.application.id)
                person = session.get_one(User, stage.people[name].id)
                case = queries.case(application, person, today=NOW.date())
                standard = content().standard
                given = [
                    case.scores,
                    case.reviews,
                    case.own,
                    case.decision,
                    case.earlier,
                    case.question,
                    queries.attachments_for(case, person),
                    queries.criterion_page(case, standard.by_id[QUIET], standard, DeskState()),
                    queries.queue(person, now=NOW),
                    queries.decided_cases(person, QueueFilter(), now=NOW).rows,
                    queries.progress_of_cases([application.id]),
                ]
                seen = {one for text in texts(given, set()) for one in found_in(text)}
                allowed = stage.allowed(name)
                shown |= seen
                leaks += [(step, name, one) for one in seen - allowed]

    assert leaks == []
    assert shown == set(CANARIES)


@pytest.mark.parametrize("name", ["second", "free", "coordinator"])
def test_how_far_the_first_review_is_and_what_it_recommends_is_not_told(
    app: Flask, sign_in: Callable[[User], Client], name: str
):
    stage = Stage()
    browser = sign_in(stage.people[name])
    told = []
    for step in stage.steps():
        if step in {"first open", "both open", "second before first", "third wanted"}:
            page = browser.get(f"/reviews/{stage.application.id}").get_data(as_text=True)
            told += [
                (step, word)
                for word in ("Major gaps", "44 of 44", "submitted on", "Level 3 ")
                if word in page and not (name == "second" and step != "first open")
            ]

    assert told == []


@pytest.mark.one_database("sqlite")
def test_the_sampled_application_gets_its_second_review(app: Flask):
    from cissapp.review.reviews.rules.places import is_drawn

    school = make.school()
    with app.app_context():
        decision = content().standard.decision
        one = next(n for n in range(1000) if is_drawn(UUID(int=n), decision))
        other = next(n for n in range(1000) if not is_drawn(UUID(int=n), decision))
    wanted = []
    for number in (one, other):
        with app.app_context(), unit_of_work():
            school = make.school(group_id=school.group_id)
            head, _designated = make.trained(school)
            make.complete_dossier(school, head)
            row = make.application(school, id=UUID(int=number))
            from cissapp.prepare.applications import services as applications

            applications.submit_for_school(
                school, content=content(), statement_signed=True, by=head, at=NOW
            )
            make.completeness_checked(row)
            (assessor,) = make.reviewers(row, 1)
            services.start_review(row, by=assessor, at=NOW)
            wanted.append(row.reviews_wanted)

    assert wanted == [2, 1]
