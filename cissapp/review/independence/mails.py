"""The mails about a mentoring that begins and about tasks in a case: given, handed back, or barred by a link."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from flask_babel import gettext as _

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import filters
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, people_of_school, secretariat
from cissapp.people.deadlines.models import Deadline
from cissapp.people.notices.mails import MailText, link_to, mail_people
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.deadlines import find_open_deadline
from cissapp.review.independence.models import Assignment, Mentoring, Waiver
from cissapp.review.independence.rules import (
    CASE_ROLE_NAMES,
    KIND_OF_ROLE,
    UNDER_REVIEW,
    WORKING_ROLES,
)

TASK_NOW = N_(
    "Hello %(name)s,\n\nYou have been given a task in the application of %(school)s: %(task)s.\n\nThe page shows what to do next and by when. If you have not declared yet whether you have a conflict of interest with this school, it asks you that first. If you cannot take the task, you can hand it back there.\n%(link)s"
)
TASK_LATER = N_(
    "Hello %(name)s,\n\nYou have been given a task in the application of %(school)s: %(task)s.\n\nThis task comes later in the case, so it has no due date yet. It appears among your cases as soon as you can begin. If you have not declared yet whether you have a conflict of interest with this school, please do so now. If you cannot take the task, you can hand it back on the same page.\n%(link)s"
)
LEFT = N_(
    "Hello %(name)s,\n\n%(reviewer)s has a conflict of interest with %(school)s and has left the case. Give the task to another person:\n%(link)s"
)
LEFT_MEANWHILE = N_(
    "Hello %(name)s,\n\n%(reviewer)s has a conflict of interest with %(school)s and has left the case. The school is changing its application at the moment. When it has submitted it again, give the task to another person:\n%(link)s"
)
LINE_NOW = N_("– %(school)s: %(task)s, due %(day)s")
LINE_LATER = N_("– %(school)s: %(task)s, later in the case")


def tell_mentoring(mentoring: Mentoring, *, at: datetime) -> None:
    """Notify the school who mentors it, and the mentor which school it is."""
    link = link_to(f"/mentoring/{mentoring.id}")

    def to_school(person: User) -> MailText:
        return MailText(
            _("Your school has a mentor"),
            _(
                "Hello %(name)s,\n\n%(mentor)s from the national group is now your school’s mentor. You can ask anything you want to know about the programme. A mentor never reviews your school, and only sees the parts of your application that you choose to show.\n\nWrite to your mentor here:\n%(link)s",
                name=person.name,
                mentor=mentoring.person.name,
                link=link,
            ),
        )

    def to_mentor(person: User) -> MailText:
        return MailText(
            _("You are now mentoring %(school)s", school=mentoring.school.name),
            _(
                "Hello %(name)s,\n\nYou are now mentoring %(school)s. You cannot take part in its case. You cannot review its application, decide on it or hear an appeal until 24 months after the mentoring has ended.\n\nSee what is open and write to the school here:\n%(link)s",
                name=person.name,
                school=mentoring.school.name,
                link=link,
            ),
        )

    school_id = mentoring.school_id
    mail_people(people_of_school(school_id), "mentoring", to_school, at=at, school_id=school_id)
    mail_people([mentoring.person], "mentoring", to_mentor, at=at, school_id=school_id)


def tell_given(given: Iterable[Assignment], *, by: Actor, at: datetime) -> None:
    """Notify each person once of the tasks that someone else gave them, and what to do if they cannot take one."""
    tasks_of: defaultdict[UUID, list[Assignment]] = defaultdict(list)
    for one in given:
        if one.role in WORKING_ROLES and one.person_id != by.id:
            tasks_of[one.person_id].append(one)
    for tasks in tasks_of.values():
        text_for = partial(_one_task, tasks[0]) if len(tasks) == 1 else partial(_many_tasks, tasks)
        mail_people([tasks[0].person], "task_given", text_for, at=at)


def _one_task(assignment: Assignment, person: User) -> MailText:
    application = assignment.application
    school = application.school.name
    text = TASK_NOW if _deadline_of(assignment) else TASK_LATER
    return MailText(
        _("A task for you: %(school)s", school=school),
        _(
            text,
            name=person.name,
            school=school,
            task=_(CASE_ROLE_NAMES[assignment.role]),
            link=link_to(f"/reviews/{application.id}"),
        ),
    )


def _many_tasks(tasks: Sequence[Assignment], person: User) -> MailText:
    return MailText(
        _("New tasks for you: %(count)s", count=len(tasks)),
        _(
            "Hello %(name)s,\n\nYou have been given tasks in several applications:\n\n%(tasks)s\n\nIf you have not declared yet whether you have a conflict of interest with a school, the page of its application asks you that first. If you cannot take a task, you can hand it back there. You find all these applications on this page:\n%(link)s",
            name=person.name,
            tasks="\n".join(_task_line(one) for one in tasks),
            link=link_to("/reviews"),
        ),
    )


def _task_line(assignment: Assignment) -> str:
    deadline = _deadline_of(assignment)
    text = LINE_NOW if deadline else LINE_LATER
    return str(
        _(
            text,
            school=assignment.application.school.name,
            task=_(CASE_ROLE_NAMES[assignment.role]),
            day=filters.day(deadline.due_on) if deadline else "",
        )
    )


def _deadline_of(assignment: Assignment) -> Deadline | None:
    """Find the deadline of a task; none is open while the task comes later in the case."""
    return find_open_deadline(assignment.application, KIND_OF_ROLE[assignment.role])


def tell_handed_over(left: Assignment, *, by: Actor, at: datetime) -> None:
    """Notify a person whose task was given to another person that nothing more is expected of them."""
    application = left.application

    def text_for(person: User) -> MailText:
        school = application.school.name
        return MailText(
            _("Your task has been handed over: %(school)s", school=school),
            _(
                "Hello %(name)s,\n\nAnother person now has your task in the application of %(school)s: %(task)s. What you scored is kept for the record. You do not need to do anything more.\n%(link)s",
                name=person.name,
                school=school,
                task=_(CASE_ROLE_NAMES[left.role]),
                link=link_to(f"/reviews/{application.id}"),
            ),
        )

    if left.person_id != by.id and left.person.is_active:
        mail_people([left.person], "task_given", text_for, at=at)


def tell_left(assignment: Assignment, *, at: datetime) -> int:
    """Notify the other coordinators that a person with a conflict of interest left a task; it is free again.

    Return how many there are. Where there is none, the secretariat is told, which can appoint one.
    """
    text = LEFT if assignment.application.state in UNDER_REVIEW else LEFT_MEANWHILE
    count = _tell_coordinators(assignment.application, assignment.person, text, at=at)
    if not count:
        _tell_secretariat(assignment, at=at)
    return count


def _tell_secretariat(left: Assignment, *, at: datetime) -> None:
    """Notify the secretariat of a task that was left in a group without another coordinator."""
    school = left.application.school

    def text_for(person: User) -> MailText:
        return MailText(
            _("A group needs another coordinator: %(group)s", group=school.group.name),
            _(
                "Hello %(name)s,\n\n%(reviewer)s has a conflict of interest with %(school)s and has left the case. %(group)s has no other coordinator who could give the task to another person. Appoint one, or speak to the group:\n%(link)s",
                name=person.name,
                reviewer=left.person.name,
                school=school.name,
                group=school.group.name,
                link=link_to("/admin/people"),
            ),
        )

    mail_people(secretariat(), "handed_back", text_for, at=at)


def tell_link_confirmed(application: Application, reviewer: User, *, at: datetime) -> None:
    """Notify the other coordinators that a person confirmed a possible conflict, which one of them has to judge."""
    _tell_coordinators(
        application,
        reviewer,
        N_(
            "Hello %(name)s,\n\n%(reviewer)s has confirmed a link to %(school)s. The application stays closed to this person until you record an exception. Read which link it is, and record an exception or choose another person:\n%(link)s"
        ),
        at=at,
    )


def tell_excepted(waiver: Waiver, *, at: datetime) -> None:
    """Notify a person who confirmed a link that a coordinator recorded that it is no obstacle."""
    application = waiver.application

    def text_for(person: User) -> MailText:
        school = application.school.name
        return MailText(
            _("Your link to %(school)s is not an obstacle", school=school),
            _(
                "Hello %(name)s,\n\nYou confirmed a link to %(school)s. A coordinator has recorded an exception for it. See what you can do in the case now:\n%(link)s",
                name=person.name,
                school=school,
                link=link_to(f"/reviews/{application.id}"),
            ),
        )

    mail_people([waiver.person], "task_given", text_for, at=at)


def _tell_coordinators(application: Application, reviewer: User, text: str, *, at: datetime) -> int:
    school = application.school

    def text_for(person: User) -> MailText:
        return MailText(
            _("A case needs another person: %(school)s", school=school.name),
            _(
                text,
                name=person.name,
                reviewer=reviewer.name,
                school=school.name,
                link=link_to(f"/reviews/{application.id}/people"),
            ),
        )

    coordinators = coordinators_of_group(application.group_id)
    others = [one for one in coordinators if one.id != reviewer.id]
    return mail_people(others, "handed_back", text_for, at=at)


def tell_handed_back(assignment: Assignment, *, at: datetime) -> int:
    """Notify the other coordinators of the group that a case needs another person; return how many there are.

    The reason stays on the page.
    """
    school = assignment.application.school

    def text_for(person: User) -> MailText:
        return MailText(
            _("A case needs another person: %(school)s", school=school.name),
            _(
                "Hello %(name)s,\n\n%(reviewer)s cannot continue with the application of %(school)s. Read why, and hand the task over to another person:\n%(link)s",
                name=person.name,
                reviewer=assignment.person.name,
                school=school.name,
                link=link_to("/reviews/people"),
            ),
        )

    coordinators = coordinators_of_group(school.group_id)
    others = [one for one in coordinators if one.id != assignment.person_id]
    return mail_people(others, "handed_back", text_for, at=at)
