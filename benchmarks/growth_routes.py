"""An example address of every GET route, for each kind of person that may open it (`growth.py --routes`).

Values in an address belong to a school under review or to a certified one. A route about something that no loaded
school has answers 404; it is left out of the table, and named at its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Table, select

from cissapp.certify.certificates.models import Certificate
from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.core.db import Base, session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.models import Assignment

NOTHING = UUID("00000000-0000-4000-8000-000000000000")
# The table in which the id of an address is looked up, if the name does not say it.
TABLES = {
    "account_id": "person",
    "action_id": "planned_action",
    "assignment_id": "seat",
    "act_id": "act_proposal",
    "entry_id": "reporting_person",
    "group_id": "national_group",
    "list_id": "school_list",
    "meeting_id": "mentor_meeting",
    "merged_id": "school",
    "paragraph_id": "policy_paragraph",
    "photo_id": "photograph",
    "provider_id": "identity_provider",
    "request_id": "join_request",
    "reviewer_id": "person",
    "round_id": "awareness_round",
    "thing_id": "school",
    "user_id": "person",
    "version_id": "document_version",
}
# Words of an address that come from the content.
WORDS: dict[str, Any] = {
    "answer": "keep",
    "audience": "adults",
    "clause_id": "scope-people",
    "criterion_id": "A1",
    "ending": "pdf",
    "form": "pdf",
    "guide_id": "verify",
    "key": "no-such-date",
    "language": "en",
    "lesson_id": "what-a-policy-contains",
    "module_id": "safety-policy",
    "name": "message-1",
    "page": 1,
    "part": "persons",
    "part_id": "A",
    "position": 1,
    "role": "reviewer",
    "section_id": "scope",
    "sha256": "0" * 64,
    "size": "large",
    "token": "no-such-token",
    "what": "school",
}
LEFT_OUT = {"static", "accounts.sign_out", "home.alive"}
# Some address ends with this, and its certificate's school has no open application.
OF_CERTIFICATES = (
    "certificates.",
    "credentials.",
    "directory.",
    "upkeep.",
    "verification.",
    "transparency.",
)


@dataclass(frozen=True)
class Example:
    """A school, its head and what addresses about it contain."""

    school: School
    head: User
    application: Application
    certificate: Certificate | None


def routes(app: Flask, country: str) -> Iterator[tuple[str, str | None, str]]:
    """Yield name, address of the person (none for a visitor), address of the page."""
    with app.app_context():
        certified, case = _certified(country), _under_review(country)
        region = case.school.region_code
        people = _people(country, case, region)
        heads = {"certified": certified, "in review": case}
        adapter = app.url_map.bind("localhost")
        for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
            view = app.view_functions[rule.endpoint]
            if "GET" not in (rule.methods or set()) or rule.endpoint in LEFT_OUT:
                continue
            permission = getattr(view, "access", None)
            about = certified if rule.endpoint.startswith(OF_CERTIFICATES) else case
            asking: list[tuple[str, str | None, Example]] = [("visitor", None, certified)]
            if permission:
                asking = [
                    (role.value, people[role], about)
                    for role in MATRIX[permission]
                    if role in people
                ]
            if (
                permission
                and Role.SCHOOL_MANAGER in MATRIX[permission]
                and not hasattr(view, "by_token")
            ):
                asking += [(f"head, {name}", one.head.email, one) for name, one in heads.items()]
            for name, person, example in asking:
                values = {key: _value(key, example) for key in rule.arguments}
                yield f"{name}: {rule.rule}", person, adapter.build(rule.endpoint, values)


def _people(country: str, case: Example, region: str) -> dict[Role, str]:
    from cissapp.foundation.content.installed import content  # noqa: PLC0415 -- needs an application

    low = country.lower()
    reviewer = select(User.email).join(Assignment, Assignment.person_id == User.id)
    reviewer = reviewer.where(
        Assignment.application_id == case.application.id, Assignment.done_at.is_(None)
    )
    top = content().countries[country].path(region)[0].lower()
    return {
        Role.COORDINATOR: f"coordinator1.{low}@load.example",
        Role.MINISTRY: f"ministry.{low}@load.example",
        Role.REGION_OFFICER: f"region.{top}@load.example",
        Role.REVIEWER: session.scalars(reviewer.order_by(User.email).limit(1)).one(),
        Role.SECRETARIAT: "secretariat@load.example",
    }


def _certified(country: str) -> Example:
    query = select(School, Certificate).join(Certificate, Certificate.school_id == School.id)
    query = query.where(School.country_code == country, School.code.like("LOAD-%"))
    school, certificate = session.execute(query.where(School.standing == "valid").limit(1)).one()
    return _example(school, certificate)


def _under_review(country: str) -> Example:
    query = select(School).join(Application, Application.school_id == School.id)
    query = query.join(Assignment, Assignment.application_id == Application.id)
    query = query.where(School.country_code == country, School.code.like("LOAD-%"))
    query = query.where(School.progress == "in_review", Assignment.done_at.is_(None))
    return _example(session.scalars(query.limit(1)).one(), None)


def _example(school: School, certificate: Certificate | None) -> Example:
    head = select(User).where(User.school_id == school.id, User.email.like("head0.%"))
    newest = select(Application).where(Application.school_id == school.id)
    application = session.scalars(newest.order_by(Application.opened_at.desc()).limit(1)).one()
    return Example(school, session.scalars(head).one(), application, certificate)


def _value(name: str, example: Example) -> Any:
    if name in {"question_id", "product_id"}:
        return _from_content(name)
    named = {
        "register_number": example.school.code,
        "country_code": example.school.country_code,
        "region_code": example.school.region_code,
        "code": example.certificate.code if example.certificate else "NOSUCHCODE",
    }
    if name in named or name in WORDS:
        return named.get(name) or WORDS[name]
    name = TABLES.get(name, name.removesuffix("_id"))
    return _id(Base.metadata.tables[name], example) or NOTHING


def _from_content(name: str) -> str:
    from cissapp.foundation.content.installed import content  # noqa: PLC0415 -- needs an application

    module = next(one for one in content().modules if one.id == WORDS["module_id"])
    return {
        "question_id": module.questions[0].id,
        "product_id": content().toolkit.products[0].id,
    }[name]


def _id(table: Table, example: Example) -> UUID | None:
    own = {
        "school": example.school.id,
        "application": example.application.id,
        "national_group": example.school.group_id,
    }
    if table.name in own:
        return own[table.name]
    columns = {
        "school_id": example.school.id,
        "application_id": example.application.id,
        "user_id": example.head.id,
        "person_id": example.head.id,
    }
    chosen = next(
        ((table.c[name], value) for name, value in columns.items() if name in table.c), None
    )
    if table.name == "document_version":
        document = Base.metadata.tables["document"]
        mine = select(document.c.id).where(document.c.school_id == example.school.id)
        query = select(table.c.id).where(table.c.document_id.in_(mine))
    else:
        query = select(table.c.id)
        query = query.where(chosen[0] == chosen[1]) if chosen else query
    found = session.scalar(query.order_by(table.c.id).limit(1))
    return found or _id_of_group(table, example)


def _id_of_group(table: Table, example: Example) -> UUID | None:
    """Return an id of the group, if the school of the example has none."""
    query = select(table.c.id)
    if "school_id" in table.c:
        query = query.join(School, School.id == table.c.school_id)
        query = query.where(School.group_id == example.school.group_id)
    elif "group_id" in table.c:
        query = query.where(table.c.group_id == example.school.group_id)
    else:
        return None
    return session.scalar(query.order_by(table.c.id).limit(1))
