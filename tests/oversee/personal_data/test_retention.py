"""Retention: marked, told, held, gone; an open appeal always holds."""

from datetime import timedelta

import pytest

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.oversee.personal_data.commands import retention as command
from cissapp.oversee.personal_data.models import RetentionMark, RetentionRun
from cissapp.oversee.personal_data.queries.forecasts import forecast
from cissapp.oversee.personal_data.rules.retention import MarkOutcome, RetentionRule
from cissapp.oversee.personal_data.services import holds, retention
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User, UserSession
from cissapp.people.notices.models import Mail
from cissapp.people.notices.services import hold_mails
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.review.appeals.models import Appeal
from cissapp.review.appeals.rules import AppealOutcome, AppealState
from tests.factories import NOW

# The decision, 30 days for an appeal, 12 months.
OVER = NOW + timedelta(days=400)
MONTH = timedelta(days=30)


def run(at) -> dict[RetentionRule, tuple[int, int, int]]:
    """Carry out, and give what was marked, held and gone of each rule that did something."""
    with clock.at(at):
        found = retention.carry_out(content(), store=files(), at=at)
    return {
        one.rule: (one.marked, one.held, one.gone)
        for one in found
        if one.marked or one.held or one.gone
    }


def versions(school_id) -> list[DocumentVersion]:
    return list(session.query(DocumentVersion).filter_by(school_id=school_id))


def store_files() -> None:
    for version in session.query(DocumentVersion):
        files().put(version.file_key, b"file")


def test_documents_go_a_month_after_notice_and_only_the_hash_stays(app, make):
    school = make.school()
    make.decided(school)
    make.manager(school)
    make.user(Role.COORDINATOR, group_id=school.group_id)
    with app.app_context():
        store_files()
        (version,) = versions(school.id)
        key, sha256 = version.file_key, version.sha256
        assert RetentionRule.DOCUMENTS not in run(NOW + timedelta(days=390))
        with hold_mails():
            assert run(OVER)[RetentionRule.DOCUMENTS] == (1, 0, 0)
        mails = session.query(Mail).filter_by(kind="documents_deleted_soon").all()
        assert len({mail.to for mail in mails}) >= 2
        assert any(str(mail.body).rstrip().endswith("/school/documents") for mail in mails)
        assert RetentionRule.DOCUMENTS not in run(OVER + MONTH - timedelta(seconds=1))
        assert run(OVER + MONTH)[RetentionRule.DOCUMENTS] == (0, 0, 1)
        assert RetentionRule.DOCUMENTS not in run(OVER + MONTH)
        session.expire_all()
        (version,) = versions(school.id)
        assert (version.file_key, version.text, version.sha256) == (None, "", sha256)
        assert not (files().root / key).exists()
        assert session.query(RetentionMark).one().outcome is MarkOutcome.GONE
        assert session.query(RetentionRun).filter_by(rule=RetentionRule.DOCUMENTS).count() == 2


def test_a_group_is_told_once_a_night_of_all_its_schools(app, make):
    schools = [make.school()]
    schools.append(make.school(group_id=schools[0].group_id))
    for school in schools:
        make.decided(school)
        make.manager(school)
    names = ["Ana Ceban", "Ion Rusu"]
    told = [
        make.user(Role.COORDINATOR, group_id=schools[0].group_id, name=name).email for name in names
    ]
    with app.app_context():
        with hold_mails():
            assert run(OVER)[RetentionRule.DOCUMENTS] == (2, 0, 0)
            run(OVER + timedelta(days=1))

        mails = list(session.query(Mail).filter_by(kind="documents_deleted_soon"))
        of_group = [mail for mail in mails if mail.to in told]
        assert sorted(mail.to for mail in of_group) == sorted(told)
        assert {"Number of these schools: 2." in mail.body for mail in of_group} == {True}
        assert {mail.body.rstrip().endswith("/group/retention") for mail in of_group} == {True}
        assert len(mails) == len(told) + len(schools)
        assert {mark.group_told_at for mark in session.query(RetentionMark)} == {OVER}


def test_what_cannot_be_deleted_of_one_school_stops_no_other_and_no_other_rule(
    app, make, monkeypatch
):
    for _ in range(2):
        make.decided(make.school())
    seen, expire = [], retention.expire_file

    def fail(version, *, store):
        seen.append(version.school_id)
        if version.school_id == seen[0]:
            raise OSError("the store is away")
        expire(version, store=store)

    with app.app_context():
        run(OVER)
        monkeypatch.setattr(retention, "expire_file", fail)
        with pytest.raises(OSError, match="the store is away"):
            run(OVER + MONTH)

        numbers = {one.rule: one.gone for one in session.query(RetentionRun).filter_by(at=OVER + MONTH)}  # fmt: skip
        assert numbers == {RetentionRule.DOCUMENTS: 1}
        kept = {one.school_id for one in session.query(DocumentVersion) if one.file_key}
        assert kept == {seen[0]}


def test_a_group_is_told_although_the_rules_before_fail(app, make, monkeypatch):
    make.decided(make.school())
    carry = retention._carry_out

    def fail(result, *rest):
        carry(result, *rest)
        if result.rule in {RetentionRule.ACCOUNTS, *retention.DOCUMENT_RULES}:
            raise OSError("the store is away")

    monkeypatch.setattr(retention, "_carry_out", fail)
    with app.app_context():
        with pytest.raises(OSError, match="the store is away"):
            run(OVER)

        assert {mark.group_told_at for mark in session.query(RetentionMark)} == {OVER}


def test_an_appeal_that_comes_in_meanwhile_holds_until_it_is_decided(app, make):
    application = make.handed_in()
    assessor, decider = make.reviewers(application)
    review = make.recommended(make.scored(make.begun(application, assessor)))
    decision, school_id = make.ruled(review, decider), application.school_id
    with app.app_context():
        assert run(OVER)[RetentionRule.DOCUMENTS] == (1, 0, 0)
        with unit_of_work():
            row = appeal_of(decision, school_id)
        assert run(OVER + MONTH)[RetentionRule.DOCUMENTS] == (0, 1, 0)
        assert session.query(RetentionMark).one().outcome is MarkOutcome.SPARED
        with unit_of_work():
            found = session.get_one(Appeal, row.id)
            found.state, found.decided_at = AppealState.DECIDED, OVER + MONTH
            found.outcome = AppealOutcome.UPHELD
        assert run(OVER + 2 * MONTH)[RetentionRule.DOCUMENTS] == (1, 0, 0)
        assert all(version.file_key for version in versions(school_id))


def appeal_of(decision, school_id) -> Appeal:
    row = Appeal(
        decision_id=decision.id,
        application_id=decision.application_id,
        school_id=school_id,
        criteria=["A1"],
        grounds="Look again.",
        state=AppealState.FILED,
        filed_at=OVER,
        filed_by_id=decision.decider_id,
    )
    session.add(row)
    session.flush()
    return row


def test_a_hold_with_a_reason_and_an_end_holds(app, make):
    school = make.school()
    make.decided(school)
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    with app.app_context():
        with unit_of_work():
            until = (OVER + 2 * MONTH).date()
            holds.hold_school(session.merge(school), "A court.", until, by=coordinator, at=OVER)
        assert run(OVER)[RetentionRule.DOCUMENTS] == (0, 1, 0)
        assert run(OVER + 3 * MONTH)[RetentionRule.DOCUMENTS] == (1, 0, 0)


def test_what_was_never_submitted_goes_after_two_years_without_use(app, make):
    school = make.school()
    head = make.manager(school)
    make.complete_dossier(school, head)
    with app.app_context():
        store_files()
        assert RetentionRule.UNUSED not in run(NOW + timedelta(days=720))
        at = NOW + timedelta(days=740)
        assert run(at)[RetentionRule.UNUSED] == (1, 0, 0)
        with unit_of_work():
            accounts.choose_language(session.merge(head), "ro", at=at)
        assert RetentionRule.UNUSED not in run(at + MONTH)
        assert versions(school.id)[0].file_key


def test_a_closed_account_is_erased_after_a_year_and_a_month_of_notice(app, make):
    person, secretariat = make.manager(name="Ana Moraru"), make.user()
    with app.app_context():
        with unit_of_work():
            accounts.deactivate(session.merge(person), by=secretariat, at=NOW)
        year = NOW + timedelta(days=370)
        assert run(year)[RetentionRule.ACCOUNTS] == (1, 0, 0)
        assert session.query(Mail).filter_by(kind="erasure_soon", to=person.email).count() == 1
        assert run(year + MONTH)[RetentionRule.ACCOUNTS] == (0, 0, 1)
        assert RetentionRule.ACCOUNTS not in run(year + 2 * MONTH)
        session.expire_all()
        assert session.get_one(User, person.id).name != "Ana Moraru"


def test_ended_sessions_invitations_and_mails_go_without_notice(app, make):
    secretariat = make.user()
    later = NOW + timedelta(days=500)
    with app.app_context():
        with unit_of_work():
            accounts.sign_in_joined(session.merge(secretariat), at=NOW)
            accounts.sign_in_joined(session.merge(secretariat), at=later - timedelta(days=1))
            session.add(invitation_by(secretariat))
            session.add(Mail(kind="x", to="a@b.example", subject="S", queued_at=NOW,
                             next_try_at=NOW, sent_at=NOW))  # fmt: skip
        lines = list(forecast(content(), retention.ended_rules(content(), later), at=later))
        assert [line.split(" that")[0] for line in lines[:3]] == [
            "sessions: 1",
            "links: 1",
            "mails: 1",
        ]
        assert run(later) == {
            RetentionRule.SESSIONS: (0, 0, 1),
            RetentionRule.LINKS: (0, 0, 1),
            RetentionRule.MAILS: (0, 0, 1),
        }
        assert session.query(UserSession).count() == 1
        emptied = session.query(Invitation).one()
        # Without an address it cannot be sent again, so it no longer waits for an answer.
        assert (emptied.email, emptied.revoked_at) == ("", emptied.expires_at)
        assert run(later) == {}


def invitation_by(person) -> Invitation:
    return Invitation(
        token_hash="t",
        email="new@ciss.example",
        name="New",
        role=Role.SECRETARIAT,
        language="en",
        invited_at=NOW,
        invited_by_id=person.id,
        expires_at=NOW + timedelta(days=7),
    )


@pytest.mark.one_database("sqlite")
def test_the_command_tells_what_would_go_and_changes_nothing(app, make):
    school = make.school()
    make.decided(school, at=NOW - timedelta(days=800))

    told = app.test_cli_runner().invoke(command, ["--dry-run"]).output

    assert "to be confirmed: retention periods in national law" in told
    with app.app_context():
        assert session.query(RetentionMark).count() == 0
