"""A wish to join: asked, confirmed by mail, answered by the group, forgotten."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Busy, Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import Invitation
from cissapp.people.accounts.rules import Duty
from cissapp.people.joining import queries, rules, services
from cissapp.people.joining.models import JoinRequest
from cissapp.people.joining.rules import JoinAnswer, JoinFacts
from cissapp.people.notices.models import Mail
from tests import factories as make
from tests.factories import NOW
from tests.plans import plans

DAY = timedelta(days=1)
ADDRESS = "office@lyceum.example"


def facts(**changes) -> JoinFacts:
    values = {
        "country_code": "MD", "school_name": "Green Lyceum", "locality": "Orhei", "code": "",
        "email": ADDRESS, "person_name": "Ana Rusu", "office": "Head", "reason": "We want to learn.",
    }  # fmt: skip
    return JoinFacts(**{**values, **changes})


def ask(at=NOW, **changes) -> None:
    services.ask_to_join(facts(**changes), language="ro", at=at)


def mails() -> list[Mail]:
    query = select(Mail).where(Mail.kind == "joining").order_by(Mail.queued_at, Mail.id)
    return list(session.scalars(query))


def token(email=ADDRESS) -> str:
    bodies = [one.body or "" for one in mails() if one.to == email]
    found = re.search(r"/join/([\w-]+)", bodies[-1])
    assert found
    return found[1]


def confirmed(at=NOW, **changes) -> JoinRequest:
    ask(at, **changes)
    request = queries.by_token(token(changes.get("email", ADDRESS)), at)
    assert request
    services.confirm(request, at=at)
    return request


def coordinator_of(group):
    return make.user(Role.COORDINATOR, group_id=group.id)


def test_a_wish_counts_only_once_the_link_that_went_to_the_school_was_used(context):
    group = make.group()
    coordinator = coordinator_of(group)
    ask()
    secret = token()
    row = session.scalars(select(JoinRequest)).one()
    assert (row.group_id, row.email, row.confirmed_at, secret in (row.token_hash or "")) == (
        group.id, ADDRESS, None, False,
    )  # fmt: skip
    assert queries.join_request(row.id) is None
    assert queries.waiting_requests(coordinator) == []
    assert queries.by_token(secret, NOW + rules.CONFIRM_WITHIN) is None

    services.confirm(row, at=NOW + DAY)

    assert queries.by_token(secret, NOW + DAY) is None
    assert queries.waiting_requests(coordinator) == [row]
    assert queries.waiting_requests(coordinator_of(make.group())) == []
    assert [one.to for one in mails()] == [ADDRESS, coordinator.email]
    assert "Green Lyceum" not in (mails()[-1].body or "")


@pytest.mark.one_database("sqlite")
def test_a_known_address_and_an_unknown_one_are_answered_alike(context):
    make.group()
    make.manager(make.school(), email=ADDRESS)

    ask()
    ask(email="other@lyceum.example")

    one, other = mails()
    assert (one.subject, len(one.body or "")) == (other.subject, len(other.body or ""))


@pytest.mark.one_database("sqlite")
def test_an_address_gets_few_mails_a_day_and_all_schools_together_are_limited(context, monkeypatch):
    make.group()
    for number in range(5):
        ask(NOW + number * timedelta(minutes=1))
    assert len(mails()) == rules.MAILS_A_DAY
    ask(NOW + DAY + timedelta(hours=1))
    assert len(mails()) == rules.MAILS_A_DAY + 1

    monkeypatch.setattr(services, "REQUESTS_A_DAY", 1)
    with pytest.raises(Busy):
        ask(NOW + DAY + timedelta(hours=1), email="other@lyceum.example")


def test_a_country_without_a_group_is_told_so(context):
    with pytest.raises(Refused) as refused:
        ask(country_code="UA")

    assert [one.code for one in refused.value.problems] == ["country"]
    assert mails() == []


def test_a_group_invites_a_school_of_its_register_once(context):
    group = make.group()
    coordinator, school = coordinator_of(group), make.school(group_id=group.id, name="Green Lyceum")
    request = confirmed()
    assert [one.id for one in queries.matches_of(request)] == [school.id]

    def invite(to):
        return services.invite_from_request(
            request, to, duty=Duty.HEAD, email=ADDRESS, name="Ana Rusu", by=coordinator, at=NOW
        )

    with pytest.raises(Missing):
        invite(make.school())
    invitation = invite(school)
    assert (invitation.email, invitation.school_id, invitation.duty) == (
        ADDRESS, school.id, Duty.HEAD,
    )  # fmt: skip
    assert (request.answer, request.answered_by_id, request.school_id) == (
        JoinAnswer.INVITED, coordinator.id, school.id,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        invite(school)
    assert [one.code for one in refused.value.problems] == ["answered"]
    assert session.scalar(select(func.count(Invitation.id))) == 1


def test_a_group_refuses_with_a_reason_that_goes_by_mail_and_is_not_kept(context):
    group = make.group()
    request = confirmed()

    services.refuse(request, "Your region begins next year.", by=coordinator_of(group), at=NOW)

    assert [one.to for one in mails() if "Your region begins next year." in (one.body or "")] == [
        ADDRESS
    ]
    assert request.answer is JoinAnswer.REFUSED
    with pytest.raises(Refused):
        services.refuse(request, "Again.", by=coordinator_of(group), at=NOW)


def test_what_nobody_confirmed_or_answered_and_what_was_answered_long_ago_is_deleted(context):
    group = make.group()
    ask(email="never@lyceum.example")
    old, _unanswered = confirmed(), confirmed(email="waits@lyceum.example")
    services.refuse(old, "Not now.", by=coordinator_of(group), at=NOW)
    assert services.forget_requests(at=NOW + DAY) == 0
    assert services.forget_requests(at=NOW + rules.CONFIRM_WITHIN) == 1
    assert services.forget_requests(at=NOW + rules.KEPT_AFTER_ANSWER - DAY) == 0
    assert services.forget_requests(at=NOW + rules.KEPT_AFTER_ANSWER + DAY) == 2

    assert list(session.scalars(select(JoinRequest.id))) == []


def test_how_long_a_country_took_to_answer_is_counted_from_the_confirmation(context):
    group = make.group()
    waiting, answered = confirmed(email="a@lyceum.example"), confirmed(email="b@lyceum.example")
    services.refuse(answered, "Not now.", by=coordinator_of(group), at=NOW + 2 * DAY)

    assert waiting.answered_at is None
    assert queries.answer_times("MD") == [2 * DAY]
    assert queries.answer_times("UA") == queries.answer_times("") == []
    # Anybody may ask: the newest answers come from an index, in its order.
    plan = plans(lambda: queries.answer_times("MD"), in_order=True)
    [line] = [one for one in plan if "join_request" in one]
    assert "ix_join_request_group_answered" in line
    assert [one for one in plan if "group_id" in one and "answered_at" in one]
