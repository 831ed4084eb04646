"""Guests, panels, coordinators, ministries and strangers: what no page, file, mail or error shows them."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cissapp.certify.certificates.models import Certificate
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake.media import MediaType
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.notices.models import Mail
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.review.appeals import services as appeals
from cissapp.review.appeals.models import Appeal
from cissapp.review.appeals.rules import AppealOutcome as Ruled
from cissapp.review.complaints import services as complaints
from cissapp.review.discussions.models import Comment, Thread
from cissapp.review.discussions.rules import Audience, CommentSide
from cissapp.review.independence.models import Assignment
from cissapp.review.reviews import services as reviews
from cissapp.review.reviews.models import Attachment, Decision, Review
from cissapp.review.visits.models import Visit, VisitItem
from cissapp.review.visits.rules import VisitKind
from tests import factories as make
from tests.client import Client
from tests.factories import NOW
from tests.foundation.access.test_every_route import READABLE, is_open_to

pytestmark = pytest.mark.usefixtures("stopped_clock")

LEFT_OUT = ("/learn", "/static", "/sign-out")
CONTESTED = "A3"
KINDS = (
    "SELF", "DOCUMENT", "SCORE", "SUMMARY", "INTERNAL", "SHARED", "VISIT", "ATTACHMENT", "DECISION",
    "LETTER", "COMPLAINT", "GROUNDS", "REJECTED", "VOTE", "PROPOSAL", "TIES",
)  # fmt: skip


def canary(kind: str) -> str:
    """Give a text that stands in one place only, long enough for every field."""
    assert kind in KINDS
    return f"CANARY{kind}X says what stands in this place only, at the length that it needs."


# --- the tables: what each may see, and from which step on ---------------------------------------

DOSSIER = {"SELF", "DOCUMENT"}
NOBODY: dict[str, set[str]] = {}
MAY: dict[str, dict[str, set[str]]] = {
    "visitor": NOBODY,
    "stranger": NOBODY,
    "other coordinator": NOBODY,
    "other school": NOBODY,
    "ministry": NOBODY,
    "region": NOBODY,
    "guest of another case": NOBODY,
    "guest who declared nothing": NOBODY,
    "guest with a tie": NOBODY,
    "guest whose visit ended": NOBODY,
    "guest": {"in review": DOSSIER, "voting": {"SCORE", "DECISION"}},
    "panel": {"voting": DOSSIER | {"SCORE", "DECISION", "GROUNDS", "REJECTED", "VOTE", "PROPOSAL",
                                   "SUMMARY", "LETTER", "ATTACHMENT"}},
    "panel that declared nothing": NOBODY,
    "panel with a tie": NOBODY,
    # They have not declared whether they have a conflict of interest, so the reasons of the ruling are closed to them.
    "coordinator": {"in review": {"COMPLAINT", "TIES"}, "voting": {"DECISION"}},
    "secretariat": {"in review": {"COMPLAINT"}, "ruled": {"PROPOSAL"}},
    "school": {
        "in review": DOSSIER | {"SHARED", "COMPLAINT"},
        "voting": {"SCORE", "DECISION", "LETTER", "ATTACHMENT", "GROUNDS"},
        "ruled": {"PROPOSAL"},
    },
}  # fmt: skip
STEPS = ("in review", "voting", "ruled")
FULLEST = {"voting", "ruled"}
# Most pages for anybody know nobody: one who is not signed in and one who is ask for them.
KNOW_WHO_ASKS = {"/", "/help", "/help/<country_code>"}
ASKS_FOR_ALL = {"visitor", "coordinator"}
# What must be found, so that the walk is known to have looked.
SHOWN = {
    ("in review", "guest"): DOSSIER,
    ("in review", "coordinator"): {"COMPLAINT"},
    ("in review", "secretariat"): {"COMPLAINT"},
    ("in review", "school"): DOSSIER | {"SHARED", "COMPLAINT"},
    ("voting", "panel"): DOSSIER | {"SCORE", "DECISION", "GROUNDS", "REJECTED", "VOTE", "PROPOSAL"},
    ("voting", "school"): DOSSIER | {"SHARED", "COMPLAINT", "SCORE", "LETTER", "ATTACHMENT"},
    ("ruled", "secretariat"): {"COMPLAINT", "PROPOSAL"},
    ("ruled", "coordinator"): {"COMPLAINT"},
    ("ruled", "school"): {"PROPOSAL"},
}


def allowed(name: str, step: str) -> set[str]:
    """Say by the table what a person may see at a step: what was open before stays so."""
    until = STEPS[: STEPS.index(step) + 1]
    return set().union(*(MAY[name].get(one, set()) for one in until))


class Stage:
    """A school that was certified before and is under review again, and everybody else."""

    def __init__(self) -> None:
        with make._unit():
            self._set_up()

    def _set_up(self) -> None:
        make.issuer()
        of = make.school()
        certificate = make.certified(of, cycle=0, level=1)
        self.values: dict[str, Any] = {"certificate_id": certificate.id, "code": certificate.code}
        head, _designated = make.trained(of)
        document = make.complete_dossier(of, head)
        self._mark_dossier(of.id, document.id)
        make.application(of, id=make.undrawn())
        from cissapp.prepare.applications import services as applications

        applications.submit_for_school(
            of, content=content(), statement_signed=True, by=head, at=NOW
        )
        self.application: Any = session.scalars(
            select(Application).where(Application.school_id == of.id, Application.cycle == 1)
        ).one()
        make.completeness_checked(self.application)
        self._people(of, head)
        self._in_review()
        self._complaint(certificate.id, head)
        self.values |= {
            "application_id": self.application.id, "school_id": of.id, "document_id": document.id,
            "version_id": next(
                one.version_id
                for one in self.application.submissions[0].versions
                if one.version.document_id == document.id
            ),
            "group_id": of.group_id, "country_code": "MD", "region_code": "MD-OR", "page": 1,
            "size": "large", "criterion_id": CONTESTED,
        }  # fmt: skip

    def _mark_dossier(self, school_id: UUID, document_id: UUID) -> None:
        version = session.scalars(
            select(DocumentVersion).where(DocumentVersion.document_id == document_id)
        ).one()
        written = make.pdf_of(canary("DOCUMENT")[:40])
        version.text, version.size = canary("DOCUMENT"), len(written)
        version.sha256 = hashlib.sha256(written).hexdigest()
        files().put(version.file_key, written)
        own = (
            session.get(SelfScore, (school_id, CONTESTED))
            or session.scalars(
                select(SelfScore).where(
                    SelfScore.school_id == school_id, SelfScore.criterion_id == CONTESTED
                )
            ).one()
        )
        own.text = canary("SELF")

    def _people(self, of: Any, head: User) -> None:
        def guest(application: Any, *grounds: str, declares: bool = True, days: int = 9) -> User:
            made = make.user(
                Role.GUEST, guest_application_id=application.id, ends_at=NOW + timedelta(days=days)
            )
            if declares:
                make.declared(application, made, *grounds)
            return made

        self.assessor, self.decider = make.reviewers(self.application)
        other = make.handed_in()
        panel = [make.user(Role.REVIEWER, group_id=make.group().id) for _ in range(5)]
        self.panel = panel
        self.people: dict[str, User | None] = {
            "visitor": None,
            "stranger": make.user(Role.REVIEWER),
            "other coordinator": make.user(Role.COORDINATOR),
            "other school": people_of_school(other.school_id)[0],
            "ministry": make.user(Role.MINISTRY),
            "region": make.user(Role.REGION_OFFICER),
            "guest of another case": guest(other),
            "guest who declared nothing": guest(self.application, declares=False),
            "guest with a tie": guest(self.application, "paid_by_school"),
            "guest whose visit ended": guest(self.application),
            "guest": guest(self.application),
            "panel": panel[0],
            "panel that declared nothing": panel[3],
            "panel with a tie": panel[4],
            "coordinator": make.user(Role.COORDINATOR, group_id=of.group_id),
            "secretariat": make.user(Role.SECRETARIAT),
            "school": head,
        }
        tied = make.user(Role.REVIEWER, group_id=of.group_id)
        make.declared(self.application, tied, "paid_by_school").note = canary("TIES")

    def _in_review(self) -> None:
        application, author = self.application, self.assessor
        review = make.begun(application, author)
        levels = {"A1": 0, CONTESTED: 1}
        standard = content().standard
        judgements = [
            reviews.ScoreInput(
                one,
                levels.get(one.id, 2),
                canary("SCORE") if one.id == CONTESTED else make.REASON,
                ["mechanism"],
            )
            for one in standard.criteria
        ]
        reviews.save_scores(review, judgements, standard=standard, by=author, at=NOW)
        self.review = review
        for audience, kind in ((Audience.INTERNAL, "INTERNAL"), (Audience.WITH_SCHOOL, "SHARED")):
            thread = Thread(
                application_id=application.id, audience=audience, criterion_id=CONTESTED,
                opened_at=NOW, opened_by_id=author.id,
            )  # fmt: skip
            thread.comments.append(
                Comment(
                    side=CommentSide.GROUP,
                    author_id=author.id,
                    round=1,
                    text=canary(kind),
                    written_at=NOW,
                )
            )
            self.values["thread_id"] = make.kept(thread).id
        visit = Visit(
            application_id=application.id, round=1, kind=VisitKind.VIDEO, planned_at=NOW,
            planned_by_id=author.id, starts_at=NOW, agreed_at=NOW, agreed_by_id=author.id,
        )  # fmt: skip
        visit.items.append(
            VisitItem(
                criterion_id=CONTESTED, note=canary("VISIT"), saved_at=NOW, saved_by_id=author.id
            )
        )
        make.kept(visit)
        self._attachment()

    def _attachment(self) -> None:
        written = make.pdf_of(canary("ATTACHMENT")[:40])
        files().put("attachments/canary", written)
        row = Attachment(
            application_id=self.application.id, round=1, added_by_id=self.assessor.id, added_at=NOW,
            file_key="attachments/canary", file_name="notes.pdf", media_type=MediaType.PDF,
            size=len(written), sha256=hashlib.sha256(written).hexdigest(),
        )  # fmt: skip
        self.values["attachment_id"] = make.kept(row).id

    def _complaint(self, certificate_id: UUID, head: User) -> None:
        certificate = session.get_one(Certificate, certificate_id)
        made, token = complaints.file(
            certificate, promises=["A1"], offered=["A1"], country=content().countries["MD"], at=NOW
        )
        complaints.pass_on(made, by=self.people["coordinator"], at=NOW)
        complaints.reply(made, text=canary("COMPLAINT"), by=head, at=NOW)
        self.values |= {"complaint_id": made.id, "token": token}

    # --- steps -----------------------------------------------------------------------------------

    def steps(self) -> Iterator[str]:
        """Lead the case through all steps, and name each."""
        yield "in review"
        with make._unit():
            self._decided_and_appealed()
        yield "voting"
        with make._unit():
            appeal = session.get_one(Appeal, self.values["appeal_id"])
            self._vote(appeal, self.panel[1], agrees=True)
            self._vote(appeal, self.panel[2], agrees=True)
            assert appeal.outcome is Ruled.UPHELD
        yield "ruled"

    def _decided_and_appealed(self) -> None:
        review = make.recommended(
            session.get_one(Review, self.review.id), recommendation=ApplicationOutcome.MAJOR_GAPS, level=None,
            summary=canary("SUMMARY"),
        )  # fmt: skip
        make.ruled(
            review, self.decider, outcome=ApplicationOutcome.MAJOR_GAPS, level=None,
            reasons=canary("DECISION"), opening=canary("LETTER"),
        )  # fmt: skip
        decision = session.scalars(select(Decision)).one()
        head, secretary = self.people["school"], self.people["secretariat"]
        assert head
        assert secretary
        appeal = appeals.file(
            decision, grounds=canary("GROUNDS"), criteria=["A1", CONTESTED],
            issuer=make.issuer(), by=session.get_one(User, head.id), at=NOW,
        )  # fmt: skip
        appeals.name_panel(appeal, [one.id for one in self.panel], by=secretary, at=NOW)
        first, second, third, _silent, tied = self.panel
        for one, grounds in ((first, []), (second, []), (third, []), (tied, ["paid_by_school"])):
            appeals.declare(
                appeal, grounds=grounds, note="", answers={}, issuer=make.issuer(), by=one, at=NOW
            )
        self._propose(appeal, first, "REJECTED")
        self._vote(appeal, second, agrees=False)
        self._vote(appeal, third, agrees=False)
        proposal = self._propose(appeal, second, "PROPOSAL")
        self.values |= {"appeal_id": appeal.id, "proposal_id": proposal.id}
        self.values["assignment_id"] = session.scalars(
            select(Assignment.id).where(Assignment.application_id == self.application.id)
        ).first()
        # The second proposal is by the second member; the first one says no more to it.
        self.panel = [first, third, first]

    def _propose(self, appeal: Appeal, by: User, kind: str) -> Any:
        wanted = appeals.ProposalInput(Ruled.UPHELD, None, {}, canary(kind))
        return appeals.propose(appeal, wanted, issuer=make.issuer(), by=by, at=NOW)

    def _vote(self, appeal: Appeal, by: User, *, agrees: bool) -> None:
        proposal = appeal.open_proposal
        assert proposal
        note = "" if agrees else canary("VOTE")
        appeals.vote(proposal, agrees=agrees, note=note, issuer=make.issuer(), by=by, at=NOW)


# --- the walk ------------------------------------------------------------------------------------


def addresses(
    app: Flask, values: dict[str, Any], person: User | None, for_all: object = True
) -> Iterator[str]:
    """Yield the address of every page that the role may open and that can be asked for with the case."""
    adapter = app.url_map.bind("localhost")
    known = {**READABLE, **values}
    for rule in app.url_map.iter_rules():
        asked = "GET" in (rule.methods or set()) and set(rule.arguments) <= set(known)
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        is_for_all = access is None and rule.rule not in KNOW_WHO_ASKS
        asked = asked and is_open_to(app, rule, person)
        if asked and not rule.rule.startswith(LEFT_OUT) and (for_all or not is_for_all):
            yield adapter.build(rule.endpoint, {one: known[one] for one in rule.arguments})


def text_of(written: bytes) -> str:
    """Give what stands in an answer: in a PDF, and in every file of an archive."""
    if written.startswith(b"PK"):
        with ZipFile(BytesIO(written)) as archive:
            return "".join(text_of(archive.read(name)) for name in archive.namelist())
    if written.startswith(b"%PDF"):
        pdf = pypdfium2.PdfDocument(written)
        try:
            return "".join(page.get_textpage().get_text_range() for page in pdf)
        finally:
            pdf.close()
    return written.decode(errors="replace")


def seen_in(text: str) -> set[str]:
    return {one for one in KINDS if f"CANARY{one}X" in text}


def test_no_answer_shows_more_than_the_tables_say(
    app: Flask, sign_in: Callable[[User], Client], request: pytest.FixtureRequest
):
    in_long_form = request.config.getoption("long")
    stage = Stage()
    browsers = {
        name: sign_in(one) if one else app.test_client() for name, one in stage.people.items()
    }
    ended = stage.people["guest whose visit ended"]
    with make._unit():
        session.get_one(User, ended.id if ended else None).ends_at = NOW
    leaks, asked, shown = [], 0, dict[tuple[str, str], set[str]]()
    for step in stage.steps():
        for name, browser in browsers.items():
            may = allowed(name, step)
            # Who may see nothing at any step is asked, in the short form, where most lies there to be seen.
            if not (MAY[name] or step in FULLEST or in_long_form):
                continue
            for_all = ASKS_FOR_ALL & {name}
            for address in addresses(app, stage.values, stage.people[name], for_all):
                answer = FlaskClient.open(browser, address)
                asked += 1
                seen = seen_in(text_of(answer.data))
                shown.setdefault((step, name), set()).update(seen)
                leaks += [(step, name, address, one) for one in sorted(seen - may)]
                assert answer.status_code < 500, (step, name, address)

    assert leaks == []
    assert asked > 2500
    missed = {key: kinds - shown[key] for key, kinds in SHOWN.items() if kinds - shown[key]}
    assert missed == {}


def test_no_mail_holds_what_somebody_wrote(app: Flask):
    stage = Stage()
    sent = 0
    for _step in stage.steps():
        with app.app_context():
            mails = session.scalars(select(Mail)).all()
            told = [
                (one.kind, kind) for one in mails for kind in seen_in(f"{one.subject} {one.body}")
            ]
        sent = len(mails)
        assert told == []
    assert sent > 10


def test_a_form_that_is_sent_back_shows_no_more_than_its_page(
    app: Flask, sign_in: Callable[[User], Client]
):
    stage = Stage()
    leaks, posts = [], 0
    names = ["panel", "panel that declared nothing", "panel with a tie", "guest", "stranger"]
    for step in stage.steps():
        if step != "voting":
            continue
        base = f"/appeals/{stage.values['appeal_id']}"
        vote = f"{base}/proposals/{stage.values['proposal_id']}/vote"
        for name in names:
            person = stage.people[name]
            assert person
            browser = sign_in(person)
            for address in (f"{base}/proposal", vote, f"{base}/ties", f"{base}/panel"):
                answer = browser.post(address, data={"reasons": "", "agrees": ""})
                posts += 1
                found = seen_in(text_of(answer.data)) - allowed(name, step)
                leaks += [(name, address, one) for one in sorted(found)]

    assert leaks == []
    assert posts == 4 * len(names)
