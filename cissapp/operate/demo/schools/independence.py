"""What the demonstration shows of independence: mentorings, an absent reviewer, a guest auditor."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.operate.demo.schools.cast import PASSWORDS, DemoState
from cissapp.operate.demo.schools.people import DemoAccount, SchoolStory, StoryContext
from cissapp.operate.demo.schools.stories import code_of
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.schools import queries as schools
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries as applications
from cissapp.review.independence import services as independence
from cissapp.review.independence.models import Mentoring
from cissapp.review.independence.queries import declaration_of
from cissapp.review.mentoring import services as mentors
from cissapp.review.mentoring.rules import MeetingKind, Shared, SharedPart

# Which school of a state was mentored: the first, or the second.
MENTORED = {DemoState.BEGUN: 1, DemoState.SUBMITTED: 2}
# What a school and its mentor write to each other: question, answer, another question.
TALK = {
    "MD": (
        "Bună ziua! Politica noastră are zece pagini. Trebuie să o scurtăm?",
        "Nu. Important este ca oamenii să o găsească și să o înțeleagă. Un rezumat de o pagină ajută.",
        "Mulțumim. Cine poate fi a doua persoană desemnată, dacă școala este mică?",
    ),
    "UA": (
        "Добрий день! Наша політика має десять сторінок. Чи треба її скоротити?",
        "Ні. Важливо, щоб люди її знаходили й розуміли. Допоможе виклад на одну сторінку.",
        "Дякуємо. Хто може бути другою відповідальною особою, якщо школа мала?",
    ),
    "BY": (
        "Добры дзень! Наша палітыка мае дзесяць старонак. Ці трэба яе скараціць?",
        "Не. Важна, каб людзі яе знаходзілі і разумелі. Дапаможа выклад на адну старонку.",
        "Дзякуем. Хто можа быць другой адказнай асобай, калі школа малая?",
    ),
}
GUEST = "guest.md@audit.example"
GUEST_NAME = "Irina Vale"


def add(stage: StoryContext, tale: SchoolStory) -> None:
    """Record a group's second reviewer as mentor of two schools; invite a guest to one case in Moldova."""
    if MENTORED.get(tale.state) == tale.number_in_state:
        _mentor(stage, tale)
    if tale.first_in_its_state and tale.state is DemoState.CERTIFIED and tale.country.code == "MD":
        _guest(stage, tale)


def add_absence(stage: StoryContext) -> None:
    """Record an absence of the second reviewer in Moldova."""
    with unit_of_work():
        _first, second, coordinator = (session.merge(one) for one in stage.staff["MD"])
        today = stage.now.date()
        independence.enter_absence(
            second.id, today, today + timedelta(days=12), by=coordinator, at=stage.now
        )


def _school(tale: SchoolStory) -> School:
    found = schools.school_by_code(tale.country.code, code_of(tale))
    if found is None:
        raise LookupError(code_of(tale))
    return found


def _mentor(stage: StoryContext, tale: SchoolStory) -> None:
    with unit_of_work():
        _first, second, coordinator = (session.merge(one) for one in stage.staff[tale.country.code])
        ended: date | None = (tale.told_at - timedelta(days=30)).date()
        if tale.state is DemoState.BEGUN:
            ended = None
        from_on = (tale.told_at - timedelta(days=200)).date()
        mentoring = independence.enter_mentoring(
            _school(tale), second.id, from_on, ended, by=coordinator, at=stage.now
        )
        if mentoring.lasts:
            talk(mentoring, stage.now)
            about = f"mentor of this school, reviewer in {tale.country.code}"
            school = mentoring.school.name
            stage.people.append(
                DemoAccount(second.email, PASSWORDS["staff"], "mentor", school, about)
            )


def talk(mentoring: Mentoring, now: datetime) -> None:
    """Let the school ask its mentor twice, share two parts, and propose a meeting."""
    mentor = mentoring.person
    head = people_of_school(mentoring.school_id)[0]
    days = [now - timedelta(days=ago) for ago in (6, 5, 2)]
    question, answered, again = TALK[mentoring.school.country_code]
    mentors.write_message(mentoring, question, by=head, at=days[0])
    mentors.write_message(mentoring, answered, by=mentor, at=days[1])
    mentors.write_message(mentoring, again, by=head, at=days[2])
    shown = Shared(frozenset({SharedPart.POLICY, SharedPart.MECHANISM}))
    mentors.show_to_mentor(mentoring, shown, by=head, at=days[2])
    tomorrow = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    dates = [tomorrow + timedelta(days=after) for after in (2, 3)]
    mentors.propose_meeting(mentoring, MeetingKind.VIDEO, dates, by=head, at=days[2])


def _guest(stage: StoryContext, tale: SchoolStory) -> None:
    """Invite a guest to a decided case; the guest accepts."""
    with unit_of_work():
        case = applications.newest_application(_school(tale).id)
        if case is None:
            raise LookupError(code_of(tale))
        inviter = session.merge(stage.staff["MD"][2])
        if declaration_of(case, inviter.id) is None:
            independence.declare(case, grounds=[], note="", by=inviter, at=stage.now)
        independence.invite_guest(
            case,
            independence.GuestInvitation(
                email=GUEST,
                name=GUEST_NAME,
                language="en",
                purpose="Looks whether decisions of the group follow from the evidence.",
                ends_on=stage.now.date() + timedelta(days=45),
            ),
            by=inviter,
            at=stage.now,
        )
    with unit_of_work():
        invitation = session.scalars(select(Invitation).where(Invitation.email == GUEST)).one()
        accounts.accept_invitation(
            invitation, name=GUEST_NAME, password=PASSWORDS["staff"], at=stage.now
        )
    stage.people.append(
        DemoAccount(
            GUEST,
            PASSWORDS["staff"],
            Role.GUEST.value,
            "one case",
            "guest auditor of one case in MD",
        )
    )
