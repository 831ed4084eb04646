"""Two schools in two countries, each under review, each with everything that can be asked for by address."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select

from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.certify.certificates.models import Certificate, Publication
from cissapp.certify.upkeep.models import QuorumGap
from cissapp.foundation.background.models import Task
from cissapp.foundation.background.rules import TaskKind
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake.media import MediaType
from cissapp.learn.learning.models import Attempt
from cissapp.operate.demo.schools import people, stories
from cissapp.operate.demo.schools.cast import COUNTRIES, DemoCountry, DemoState
from cissapp.oversee.api.models import ApiToken, Webhook, WebhookMessage
from cissapp.oversee.api.rules.webhooks import WebhookKind
from cissapp.oversee.personal_data.models import RetentionHold
from cissapp.people.accounts.models import Invitation, User, UserSession
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services import sign_in_joined
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.drafts.models import Draft
from cissapp.people.factors.models import AuthenticatorApp, Passkey
from cissapp.people.handover.models import ActProposal, Handover
from cissapp.people.handover.rules.handovers import Afterwards, HandoverOutcome
from cissapp.people.handover.rules.powers import SharedAct
from cissapp.people.joining.models import JoinRequest
from cissapp.people.notices.models import Notification
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.rules import ListState
from cissapp.people.schools.models import School
from cissapp.people.sign_on.models import IdentityProvider, LinkedIdentity
from cissapp.prepare.applications.models import Application, SubmittedVersion
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.prepare.awareness.models import AwarenessRound
from cissapp.prepare.awareness.rules.rounds import RoundKind
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.photographs.models import Photograph
from cissapp.prepare.documents.rules import TextSource
from cissapp.prepare.documents.uploads.models import Upload
from cissapp.prepare.documents.uploads.rules import UploadState
from cissapp.prepare.drills.models import Drill
from cissapp.prepare.facts import services as papers
from cissapp.prepare.facts.rules import PaperKind
from cissapp.prepare.mechanism.models import EscalationStep, ReportingChannel, ReportingPerson
from cissapp.prepare.plan.models import PlannedAction
from cissapp.prepare.policy.models import PolicyParagraph
from cissapp.prepare.posters.models import PlacedPoster, PosterPlace
from cissapp.prepare.posters.rules.choices import PosterFormat, Readers
from cissapp.prepare.posters.rules.rounds import new_code
from cissapp.review.appeals.models import Appeal, AppealMember, Proposal
from cissapp.review.appeals.rules import AppealOutcome, AppealState
from cissapp.review.complaints.models import Complaint
from cissapp.review.complaints.rules import ComplaintState
from cissapp.review.discussions.models import Thread
from cissapp.review.discussions.rules import Audience
from cissapp.review.followup.models import SavedFilter
from cissapp.review.independence import services as independence
from cissapp.review.independence.models import Assignment, Mentoring
from cissapp.review.mentoring import services as mentors
from cissapp.review.mentoring.rules import MeetingKind
from cissapp.review.messages.models import Message, MessageRecipient
from cissapp.review.reviews.models import Attachment, Decision, Review
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.visits.models import Visit, VisitDate
from tests.factories import NOW, keyring


@dataclass(frozen=True)
class Place:
    """The people of one school, group and ministry, and the values that addresses are made of."""

    people: dict[Role, User]
    values: dict[str, Any]


def world(app: Flask) -> dict[str, Place]:
    """Make the two places, by country."""
    keyring()
    with app.app_context():
        stage = people.StoryContext(Issuer(content(), app.config["CISS"], files()), NOW)
        people.set_up(stage)
        return {
            country.code: _place(stage, country) for country in COUNTRIES if country.code != "BY"
        }


def _place(stage: people.StoryContext, country: DemoCountry) -> Place:
    tale = people.SchoolStory(
        country, country.places[0], DemoState.IN_REVIEW, 1, NOW, number_in_state=1
    )
    stories.tell(stage, tale)
    with unit_of_work():
        school = session.scalars(select(School).where(School.country_code == country.code)).one()
        application = session.scalars(
            select(Application).where(Application.school_id == school.id)
        ).one()
        found = _people(school, country)
        values: dict[str, Any] = {
            "school_id": school.id,
            "group_id": school.group_id,
            "country_code": country.code,
            "region_code": school.region_code,
            "application_id": application.id,
            "certificate_id": _certificate(school.id),
            "attachment_id": _attachment(application),
            "invitation_id": _invitation(school),
            "user_id": _somebody(country).id,
            "attempt_id": _one(
                select(Attempt.id).where(Attempt.user_id == found[Role.SCHOOL_MANAGER].id)
            ),
            "request_id": _join_request(school),
            "document_id": _one(select(Document.id).where(Document.school_id == school.id)),
            "version_id": _one(
                select(SubmittedVersion.version_id).where(
                    SubmittedVersion.submission.has(application_id=application.id)
                )
                if hasattr(SubmittedVersion, "submission")
                else select(SubmittedVersion.version_id).where(
                    SubmittedVersion.submission_id.in_([one.id for one in application.submissions])
                )
            ),
            **_independence(found, school, application),
            "page": 1,
            "size": "large",
            "person_id": _of_school(ReportingPerson, school),
            "entry_id": _of_school(ReportingPerson, school),
            "channel_id": _of_school(ReportingChannel, school),
            "step_id": _of_school(EscalationStep, school),
            "reviewer_id": found[Role.REVIEWER].id,
            "account_id": _colleague(school),
            **_factors(found[Role.SCHOOL_MANAGER]),
            "drill_id": _of_school(Drill, school),
            "paper_id": _paper(school, found[Role.SCHOOL_MANAGER]),
            "action_id": _action(school, found[Role.SCHOOL_MANAGER]),
            **_poster(school, found[Role.SCHOOL_MANAGER]),
            "round_id": _round(school, found[Role.SCHOOL_MANAGER]),
            "paragraph_id": _paragraph(school, found[Role.SCHOOL_MANAGER]),
            "upload_id": _upload(found[Role.SCHOOL_MANAGER]),
            "photo_id": _photograph(found[Role.SCHOOL_MANAGER]),
            "deadline_id": _deadline(school),
            "draft_id": _draft(found[Role.SCHOOL_MANAGER]),
            "session_id": _session(found[Role.SCHOOL_MANAGER]),
            **_sign_on(found[Role.COORDINATOR]),
            **_appeal_and_complaint(found, application),
            "gap_id": _gap(school),
            **_of_coordinator(found, school),
            "merged_id": school.id,
            "thing_id": school.id,
            **_shared_power(found, school),
            "list_id": _school_list(school),
            "thread_id": _one(
                select(Thread.id).where(
                    Thread.application_id == application.id, Thread.audience == Audience.WITH_SCHOOL
                )
            ),
            **_of_programs(found[Role.COORDINATOR]),
            "date_id": _one(
                select(VisitDate.id).join(Visit).where(Visit.application_id == application.id)
            ),
        }
    return Place(found, values)


def _colleague(school: School) -> UUID:
    """Another reviewer of the group: whoever resets their second factor ends their sessions."""
    colleague = User(
        email=f"{uuid4().hex}@group.example",
        name="Colleague",
        password_hash="!",
        role=Role.REVIEWER,
        group_id=school.group_id,
        language="en",
        joined_at=NOW,
    )
    session.add(colleague)
    session.flush()
    return colleague.id


def _factors(head: User) -> dict[str, UUID]:
    """An app and a passkey of the head."""
    app = AuthenticatorApp(user_id=head.id, sealed_secret="", added_at=NOW, last_step=0)
    passkey = Passkey(
        user_id=head.id,
        name="Phone",
        credential_id=uuid4().hex,
        public_key="",
        sign_count=0,
        device="",
        added_at=NOW,
    )
    session.add_all([app, passkey])
    session.flush()
    return {"app_id": app.id, "passkey_id": passkey.id}


def _of_programs(coordinator: User) -> dict[str, UUID]:
    """A token and a webhook of the coordinator, and a message that went to it."""
    token = ApiToken(
        token_hash=uuid4().hex,
        hint="ciss_",
        user_id=coordinator.id,
        name="Dashboard",
        scopes=["register:read"],
        role=coordinator.role,
        group_id=coordinator.group_id,
        made_at=NOW,
        ends_at=NOW + timedelta(days=30),
    )
    webhook = Webhook(
        user_id=coordinator.id, url="https://example.org/", kinds=[], salt="s", added_at=NOW
    )
    session.add_all([token, webhook])
    session.flush()
    message = WebhookMessage(
        webhook_id=webhook.id,
        kind=WebhookKind.TEST,
        body="{}",
        queued_at=NOW,
        next_try_at=NOW,
        sent_at=NOW,
    )
    session.add(message)
    session.flush()
    return {
        "token_id": token.id,
        "webhook_id": webhook.id,
        "webhook_message_id": message.id,
    }


def _shared_power(found: dict[Role, User], school: School) -> dict[str, UUID]:
    """A handover to the designated person that has ended, and a proposal to replace the coordinator."""
    handover = Handover(
        school_id=school.id,
        head_id=found[Role.SCHOOL_MANAGER].id,
        email="",
        name="",
        afterwards=Afterwards.CLOSED,
        started_at=NOW,
        started_by_id=found[Role.SCHOOL_MANAGER].id,
        expires_at=NOW + timedelta(days=14),
        ended_at=NOW,
        outcome=HandoverOutcome.STOPPED,
    )
    proposal = ActProposal(
        act=SharedAct.REPLACE_COORDINATOR,
        subject_id=school.group_id,
        title="The group",
        reason="Nobody has reached the person.",
        values={},
        proposed_at=NOW,
        proposed_by_id=found[Role.SECRETARIAT].id,
        expires_at=NOW + timedelta(days=7),
        lost_id=found[Role.COORDINATOR].id,
    )
    session.add_all([handover, proposal])
    session.flush()
    return {"handover_id": handover.id, "act_id": proposal.id}


def _school_list(school: School) -> UUID:
    """A list of schools that was brought in to the group."""
    made = SchoolList(
        group_id=school.group_id,
        state=ListState.READ,
        file_name="list.csv",
        sheets=[],
        head=["code", "email"],
        columns={},
        meanings={},
        unknown={},
        counts={},
        first_rows=[],
        to_look_at=[],
        other_charsets=[],
        changes_schools=False,
        keeps_duplicates=False,
        rows=1,
        rows_done=0,
        next_place=0,
        uploaded_at=NOW,
        moved_at=NOW,
    )
    session.add(made)
    session.flush()
    return made.id


def _of_coordinator(found: dict[Role, User], school: School) -> dict[str, UUID]:
    """A filter that the coordinator keeps, a message that went to the head, a notification of each person."""
    coordinator, head = found[Role.COORDINATOR], found[Role.SCHOOL_MANAGER]
    kept = SavedFilter(user_id=coordinator.id, name="Stuck", query="stuck=y", saved_at=NOW)
    text = {"subject": "News", "body": "Go on.", "place": 0}
    message = Message(
        group_id=school.group_id,
        author_id=coordinator.id,
        texts={"en": text},
        with_steps=False,
        written_at=NOW,
        confirmed_at=NOW,
    )
    note = Notification(user_id=head.id, kind="message", title="News", path=None, made_at=NOW)
    hold = RetentionHold(
        school_id=school.id,
        group_id=school.group_id,
        reason="A court asked.",
        until_on=NOW.date() + timedelta(days=365),
        held_at=NOW,
        held_by_id=coordinator.id,
    )
    task = Task(
        kind=TaskKind.PAGE_PICTURES, made_at=NOW, due_at=NOW, last_error="away", given_up_at=NOW
    )
    session.add_all([kept, message, note, hold, task])
    session.flush()
    session.add(
        MessageRecipient(message_id=message.id, user_id=head.id, school_id=school.id, queued_at=NOW)
    )
    session.flush()
    return {
        "filter_id": kept.id,
        "message_id": message.id,
        "notification_id": note.id,
        "hold_id": hold.id,
        "task_id": task.id,
    }


def _independence(
    found: dict[Role, User], school: School, application: Application
) -> dict[str, UUID]:
    """A guest of the case, a seat, a mentoring of the school, an absence, and a pass for a guest."""
    coordinator, now = found[Role.COORDINATOR], clock.now()
    guest = User(
        email=f"{uuid4().hex}@audit.example",
        name="Guest",
        password_hash="none",
        role=Role.GUEST,
        guest_application_id=application.id,
        ends_at=now + timedelta(days=30),
        language="en",
        joined_at=NOW,
    )
    session.add(guest)
    session.flush()
    independence.declare(application, grounds=[], note="", by=guest, at=now)
    found[Role.GUEST] = guest
    leave = independence.invite_guest(
        application,
        independence.GuestInvitation(
            email=f"{uuid4().hex}@audit.example",
            name="Another guest",
            language="en",
            purpose="A look from outside.",
            ends_on=now.date() + timedelta(days=1),  # at the school it may be tomorrow already
        ),
        by=coordinator,
        at=now,
    )
    day = now.date() - timedelta(days=1)
    absence = independence.enter_absence(
        found[Role.REVIEWER].id, now.date(), now.date(), by=coordinator, at=now
    )
    mentoring = independence.enter_mentoring(
        school, coordinator.id, day, None, by=coordinator, at=now
    )
    seat = _one(select(Assignment.id).where(Assignment.application_id == application.id))
    return {
        "assignment_id": seat,
        "guest_id": leave.id,
        "absence_id": absence.id,
        "mentoring_id": mentoring.id,
        **_mentor_and_school(found, mentoring),
    }


def _mentor_and_school(found: dict[Role, User], mentoring: Mentoring) -> dict[str, UUID]:
    """A message to the mentor, and a meeting that the school proposed."""
    head, now = found[Role.SCHOOL_MANAGER], clock.now()
    message = mentors.write_message(mentoring, "When is the visit?", by=head, at=now)
    meeting = mentors.propose_meeting(
        mentoring, MeetingKind.PHONE, [now + timedelta(days=2)], by=head, at=now
    )
    return {"message_id": message.id, "meeting_id": meeting.id}


def _appeal_and_complaint(found: dict[Role, User], application: Application) -> dict[str, UUID]:
    """An appeal that the coordinator hears, with a proposal; a complaint that was passed on."""
    head, certificate = found[Role.SCHOOL_MANAGER], _certificate(application.school_id, cycle=-1)
    old = session.get_one(Certificate, certificate).application_id
    review = Review(
        application_id=old,
        submission_id=application.submissions[0].id,
        round=9,
        place=ReviewPlace.FIRST,
        assessor_id=found[Role.REVIEWER].id,
        state=ReviewState.OPEN,
        started_at=NOW,
    )
    session.add(review)
    session.flush()
    decision = Decision(
        application_id=old,
        review_id=review.id,
        round=9,
        assessor_id=found[Role.REVIEWER].id,
        decider_id=found[Role.SECRETARIAT].id,
        outcome=ApplicationOutcome.MAJOR_GAPS,
        reasons="Reasons.",
        open_criteria=[],
        decided_at=NOW,
    )
    session.add(decision)
    session.flush()
    appeal = Appeal(
        decision_id=decision.id,
        application_id=application.id,
        school_id=application.school_id,
        criteria=["A1"],
        grounds="Grounds.",
        state=AppealState.FILED,
        filed_at=NOW,
        filed_by_id=head.id,
    )
    session.add(appeal)
    session.flush()
    hearing = found[Role.COORDINATOR]
    session.add(
        AppealMember(
            appeal_id=appeal.id, person_id=hearing.id, named_at=NOW, named_by_id=hearing.id
        )
    )
    proposal = Proposal(
        appeal_id=appeal.id,
        number=1,
        author_id=hearing.id,
        outcome=AppealOutcome.UPHELD,
        levels={},
        reasons="Reasons.",
        proposed_at=NOW,
    )
    complaint = Complaint(
        token_hash=uuid4().hex,
        certificate_id=certificate,
        school_id=application.school_id,
        promises=["A1"],
        state=ComplaintState.PASSED_ON,
        received_at=NOW,
        passed_on_at=NOW,
    )
    session.add_all([proposal, complaint])
    session.flush()
    return {"appeal_id": appeal.id, "proposal_id": proposal.id, "complaint_id": complaint.id}


def _one(query: Any) -> Any:
    return session.scalars(query.limit(1)).one()


def _session(head: User) -> UUID:
    """The head is signed in on a phone, too."""
    sign_in_joined(head, at=clock.now(), device="Firefox on Android")
    found = select(UserSession.id).where(UserSession.user_id == head.id)
    return UUID(str(_one(found.where(UserSession.device == "Firefox on Android"))))


def _sign_on(coordinator: User) -> dict[str, UUID]:
    """An organisation whose accounts open those of the group, and the coordinator's link with it."""
    provider = IdentityProvider(
        name="Group",
        issuer="https://accounts.example",
        client_id="ciss",
        sealed_secret="1.",
        group_id=coordinator.group_id,
        endpoints={
            "authorization": "https://accounts.example/authorize",
            "token": "https://accounts.example/token",
            "keys": "https://accounts.example/keys",
            "secret_in_body": False,
        },
        tried_at=NOW,
        on_since=NOW,
        added_at=NOW,
        added_by_id=coordinator.id,
    )
    session.add(provider)
    session.flush()
    link = LinkedIdentity(
        provider_id=provider.id, subject="1", user_id=coordinator.id, linked_at=NOW
    )
    session.add(link)
    session.flush()
    return {"provider_id": provider.id, "link_id": link.id}


def _upload(head: User) -> UUID:
    """A file whose pieces are on their way."""
    row = Upload(
        school_id=head.school_id,
        user_id=head.id,
        file_name="policy.pdf",
        size=10,
        sha256="",
        received=0,
        state=UploadState.RECEIVING,
        started_at=clock.now(),
        expires_at=clock.now() + timedelta(days=2),
    )
    session.add(row)
    session.flush()
    return row.id


def _poster(school: School, head: User) -> dict[str, UUID]:
    """A place of the poster round with its poster."""
    place = PosterPlace(school_id=school.id, name="Canteen", added_at=NOW, added_by_id=head.id)
    session.add(place)
    session.flush()
    poster = PlacedPoster(
        school_id=school.id,
        place_id=place.id,
        code=new_code(),
        format=PosterFormat.A4,
        readers=Readers.OLDER,
        languages=["en"],
        large=False,
        printed_at=NOW,
        printed_by_id=head.id,
    )
    session.add(poster)
    session.flush()
    return {"place_id": place.id, "poster_id": poster.id}


def _round(school: School, head: User) -> UUID:
    """A round of questions to pupils that has ended, so that no page of it changes."""
    row = AwarenessRound(
        school_id=school.id,
        code=f"{school.country_code}46AC"[:6],
        label="October",
        kind=RoundKind.BEFORE,
        expected=30,
        opened_on=NOW.date(),
        ends_on=NOW.date(),
        opened_by_id=head.id,
    )
    session.add(row)
    session.flush()
    return row.id


def _action(school: School, head: User) -> UUID:
    row = PlannedAction(
        school_id=school.id,
        criterion_id="A1",
        what="Name volunteers in the policy.",
        who="deputy head",
        due_on=NOW.date(),
        added_at=NOW,
        added_by_id=head.id,
    )
    session.add(row)
    session.flush()
    return row.id


def _paragraph(school: School, head: User) -> UUID:
    row = PolicyParagraph(
        school_id=school.id,
        section="scope",
        text="The boarding house is covered too.",
        added_at=NOW,
        added_by_id=head.id,
    )
    session.add(row)
    session.flush()
    return row.id


def _paper(school: School, head: User) -> UUID:
    facts = {"school.name": "Earlier name"}
    kept = papers.record_paper(school, PaperKind.POSTER, "a4", "en", facts, by=head, at=NOW)
    return kept.id


def _photograph(head: User) -> UUID:
    """A page that waits to become a document."""
    key = f"photographs/{head.id}"
    for name in (key, f"{key}-small"):
        files().put(name, b"a picture")
    row = Photograph(
        school_id=head.school_id,
        user_id=head.id,
        position=1,
        file_name="page.jpg",
        sha256="",
        file_key=key,
        small_file_key=f"{key}-small",
        width=10,
        height=10,
        size=10,
        source=TextSource.NONE,
        text="",
        words=[],
        added_at=clock.now(),
        expires_at=clock.now() + timedelta(days=2),
    )
    session.add(row)
    session.flush()
    return row.id


def _of_school(kind: Any, school: School) -> UUID:
    found: UUID = _one(select(kind.id).where(kind.school_id == school.id))
    return found


def _people(school: School, country: DemoCountry) -> dict[Role, User]:
    def of(query: Any) -> User:
        return session.scalars(query).first()

    users = select(User)
    return {
        Role.SCHOOL_MANAGER: of(users.where(User.school_id == school.id, User.duty == Duty.HEAD)),
        Role.REVIEWER: of(
            users.where(User.email == f"reviewer1.{country.code.lower()}@group.example")
        ),
        Role.COORDINATOR: of(
            users.where(User.group_id == school.group_id, User.role == Role.COORDINATOR)
        ),
        Role.MINISTRY: of(
            users.where(User.country_code == country.code, User.role == Role.MINISTRY)
        ),
        Role.REGION_OFFICER: of(
            users.where(User.country_code == country.code, User.role == Role.REGION_OFFICER)
        ),
        Role.SECRETARIAT: of(users.where(User.role == Role.SECRETARIAT)),
    }


def _deadline(school: School) -> UUID:
    """A deadline that school and group both see."""
    return deadlines.open(
        DeadlineKind.CHANGES,
        subject_id=uuid4(),
        school=school,
        due_on=NOW.date() + timedelta(days=20),
        person_id=None,
        by=SYSTEM,
        at=NOW,
    ).id


def _draft(head: User) -> UUID:
    """What the head has typed and not sent."""
    row = Draft(
        user_id=head.id,
        page="/school/self-assessment/A1",
        form="SelfScoreForm",
        title="A1",
        hand="hand",
        fields={"text": ["A draft of the head."]},
        base={},
        saved_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.id


def _gap(school: School) -> UUID:
    """A gap in the quorum whose time is over: the group was asked to look at the certificate."""
    row = QuorumGap(school_id=school.id, lost_at=NOW, noted_at=NOW, asked_at=NOW)
    session.add(row)
    session.flush()
    return row.id


def _somebody(country: DemoCountry) -> User:
    """Somebody whose account may be closed."""
    row = User(
        email=f"{uuid4().hex}@ministry.example",
        name="Somebody",
        password_hash="none",
        role=Role.MINISTRY,
        country_code=country.code,
        language="en",
        joined_at=NOW,
    )
    session.add(row)
    session.flush()
    return row


def _invitation(school: School) -> UUID:
    row = Invitation(
        token_hash=uuid4().hex,
        email=f"{uuid4().hex}@school.example",
        name="Somebody",
        role=Role.SCHOOL_MANAGER,
        duty=Duty.DEPUTY,
        school_id=school.id,
        country_code=school.country_code,
        language="en",
        invited_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    session.add(row)
    session.flush()
    return row.id


def _join_request(school: School) -> UUID:
    """A school that asks for an invitation, and has confirmed its address."""
    row = JoinRequest(
        country_code=school.country_code,
        group_id=school.group_id,
        school_name="Another school",
        locality="Orhei",
        code="",
        email=f"{uuid4().hex}@school.example",
        person_name="Somebody",
        office="Head",
        reason="",
        language="en",
        asked_at=NOW,
        expires_at=NOW + timedelta(days=7),
        confirmed_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.id


def _attachment(application: Application) -> UUID:
    """A file of a reviewer for the school, of a round that is not decided."""
    key, content_ = f"attachments/{uuid4().hex}", uuid4().bytes
    files().put(key, content_)
    somebody = _one(select(User.id).where(User.group_id == application.group_id))
    row = Attachment(
        application_id=application.id,
        round=application.round,
        added_by_id=somebody,
        added_at=NOW,
        file_key=key,
        file_name="notes.pdf",
        media_type=MediaType.PDF,
        size=len(content_),
        sha256=hashlib.sha256(content_).hexdigest(),
    )
    session.add(row)
    session.flush()
    return row.id


def _certificate(school_id: UUID, cycle: int = 0) -> UUID:
    """A certificate row from an earlier cycle; no file behind it."""
    before = Application(
        school_id=school_id,
        cycle=cycle,
        round=1,
        state=ApplicationState.WITHDRAWN,
        opened_at=NOW,
        changed_at=NOW,
    )
    session.add(before)
    session.flush()
    key, content_ = f"certificates/{uuid4().hex}", uuid4().bytes
    files().put(key, content_)
    row = Certificate(
        number=f"X-2026-{uuid4().hex[:5]}",
        code=uuid4().hex.upper()[:18],
        school_id=school_id,
        application_id=before.id,
        cycle=cycle,
        level=1,
        valid_from_on=date(2025, 1, 1),
        valid_until_on=date(2027, 1, 1),
        facts="{}",
        facts_sha256="0" * 64,
        key_id="k",
        issued_at=NOW,
        publication=Publication(
            school_id=school_id,
            cycle=cycle,
            file_key=key,
            file_sha256=hashlib.sha256(content_).hexdigest(),
            file_size=len(content_),
            key_id="k",
            published_at=NOW,
        ),
    )
    session.add(row)
    session.flush()
    return row.id
