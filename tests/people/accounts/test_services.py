"""Sign-in, invitations and passwords, without pages."""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from itertools import product
from threading import Barrier, Thread
from threading import Event as Signal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import mails, queries, services
from cissapp.people.accounts.models import (
    AttemptCount,
    Invitation,
    PasswordReset,
    User,
    UserSession,
)
from cissapp.people.accounts.rules import SIGN_IN_OF_ACCOUNT, Duty
from cissapp.people.accounts.services import Invitee, Scope, passwords
from cissapp.people.accounts.services.attempts import key_of
from cissapp.people.accounts.services.invitations import end_invitations_of
from cissapp.people.accounts.services.people import set_password
from cissapp.people.notices.models import Mail
from cissapp.people.notices.services import hold_mails
from cissapp.people.schools.models import NationalGroup
from tests.factories import NOW, PASSWORD
from tests.journeys.racing import at_once
from tests.refusals import codes

MINUTE = timedelta(minutes=1)
NEW = "green tram to the sea"


@pytest.fixture
def unit(app):
    """Each use case in a unit of its own, as each request is."""

    @contextmanager
    def opened():
        with app.app_context(), unit_of_work():
            yield

    return opened


@pytest.fixture
def sign_in_with(unit):
    def signed(user, password, at=NOW):
        with unit():
            return services.sign_in(user.email, password, at=at)

    return signed


@pytest.fixture
def events(unit):
    def listed():
        with unit():
            return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))

    return listed


@pytest.fixture
def who(unit):
    """Whose session a token opens."""

    def found(token, at=NOW, looked_at=None):
        with unit():
            found = services.open_session_of(token, at=at, looked_at=looked_at)
            return found.user_id if found else None

    return found


def row(kind, key):
    return session.get(kind, key)


def wake(token, at):
    """Do what happens to a session with every write."""
    found = services.open_session_of(token, at=at)
    if found:
        services.record_seen(found, at=at)


def opened(unit, user, at=NOW):
    with unit():
        return services.sign_in_joined(row(User, user.id), at=at)


def failures(unit, user):
    """How many failures count, and until when."""
    with unit():
        counted = row(AttemptCount, key_of(SIGN_IN_OF_ACCOUNT, user.email))
        return (counted.count, counted.ends_at) if counted else (0, None)


def close(unit, user, secretary):
    with unit():
        services.deactivate(row(User, user.id), by=row(User, secretary.id), at=NOW)


# --- sign-in ---------------------------------------------------------------------------------


def test_sign_in_opens_a_session_and_keeps_only_the_hash_of_its_token(make, unit, who, events):
    user = make.user(Role.SCHOOL_MANAGER)

    with unit():
        token = services.sign_in(user.email.upper(), PASSWORD, at=NOW, second_factor=False)

    assert token
    with unit():
        kept = session.scalars(select(UserSession)).one()
        assert (kept.user_id, kept.opened_at, kept.seen_at, kept.closed_at) == (
            user.id,
            NOW,
            NOW,
            None,
        )
        assert kept.token_hash == hash_of(token)
        assert token not in kept.token_hash
    assert who(token) == user.id
    assert events() == [Event.SIGNED_IN]


def test_a_hash_of_an_earlier_cost_is_renewed_by_a_right_password_only(make, sign_in_with, unit):
    earlier = PasswordHasher(memory_cost=16, time_cost=2, parallelism=1).hash(PASSWORD)
    user = make.user(password_hash=earlier)

    def kept() -> str:
        with unit():
            return session.get(User, user.id).password_hash

    sign_in_with(user, "not this one")
    assert kept() == earlier
    assert sign_in_with(user, PASSWORD)
    renewed = kept()
    assert "m=8,t=1" in renewed
    assert sign_in_with(user, PASSWORD)
    assert kept() == renewed


def test_two_sessions_have_two_tokens(make, sign_in_with):
    user = make.user()

    assert sign_in_with(user, PASSWORD) != sign_in_with(user, PASSWORD)


def test_a_wrong_password_is_counted_and_a_right_one_ends_the_count(
    make, unit, sign_in_with, events
):
    user = make.user()

    answers = [sign_in_with(user, "wrong") for _ in range(3)]

    assert (answers, failures(unit, user)) == ([None] * 3, (3, NOW + 5 * MINUTE))
    assert events() == [Event.SIGN_IN_FAILED] * 3
    assert sign_in_with(user, PASSWORD)
    assert failures(unit, user) == (0, None)


@pytest.mark.one_database("sqlite")
def test_after_ten_failures_the_account_waits_five_minutes(make, sign_in_with):
    user = make.user()
    for _ in range(10):
        sign_in_with(user, "wrong")

    assert sign_in_with(user, PASSWORD, NOW + 4 * MINUTE) is None
    assert sign_in_with(user, PASSWORD, NOW + 5 * MINUTE)


@pytest.mark.one_database("sqlite")
def test_tries_while_it_waits_do_not_make_the_wait_longer(make, unit, sign_in_with):
    """A stranger who goes on trying cannot keep the owner out."""
    user = make.user()
    for _ in range(10):
        sign_in_with(user, "wrong")
    for minute in range(1, 5):
        sign_in_with(user, "wrong", NOW + minute * MINUTE)

    assert failures(unit, user) == (10, NOW + 5 * MINUTE)
    assert sign_in_with(user, PASSWORD, NOW + 5 * MINUTE)


@pytest.mark.one_database("sqlite")
def test_failures_far_apart_do_not_add_up(make, unit, sign_in_with):
    user = make.user()

    for hour in range(12):
        sign_in_with(user, "wrong", NOW + timedelta(hours=hour))

    assert failures(unit, user) == (1, NOW + timedelta(hours=11, minutes=5))


def test_a_try_with_an_unknown_address_leaves_a_line_without_the_address(make, unit, events):
    make.user()

    with unit():
        assert services.sign_in("nobody@ciss.example", PASSWORD, at=NOW) is None

    assert events() == [Event.SIGN_IN_FAILED]
    with unit():
        line = session.scalars(select(AuditEntry)).one()
        assert (line.subject_type, line.subject_id, line.facts) == ("person", "unknown", {})
        assert "nobody" not in "".join(session.scalars(select(AttemptCount.key)))


@pytest.mark.one_database("sqlite")
def test_a_closed_account_does_not_open(make, unit, sign_in_with):
    user, secretary = make.user(), make.user()
    close(unit, user, secretary)

    assert sign_in_with(user, PASSWORD) is None


# --- sessions --------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("role", "idle", "absolute"),
    [
        (Role.SCHOOL_MANAGER, timedelta(hours=8), timedelta(hours=24)),
        (Role.REVIEWER, 30 * MINUTE, timedelta(hours=12)),
        (Role.SECRETARIAT, 30 * MINUTE, timedelta(hours=12)),
    ],
)
def test_a_session_ends_when_it_is_not_used_and_after_a_day_of_work(
    make, unit, who, *, role: Role, idle: timedelta, absolute: timedelta
):
    user = make.user(role)
    token = opened(unit, user)

    assert who(token, NOW + idle) == user.id
    assert who(token, NOW + idle + MINUTE) is None

    at = NOW
    while at + idle < NOW + absolute:
        at += idle
        with unit():
            wake(token, at)
    assert who(token, NOW + absolute) == user.id
    assert who(token, NOW + absolute + MINUTE) is None


def test_a_session_that_ended_is_not_woken_again(make, unit, who):
    token = opened(unit, make.user(Role.REVIEWER))

    with unit():
        wake(token, NOW + 31 * MINUTE)

    assert who(token, NOW + 31 * MINUTE) is None
    with unit():
        assert queries.open_session(token).seen_at == NOW


@pytest.mark.one_database("sqlite")
def test_looking_at_pages_keeps_a_session_awake_within_its_day(make, unit, who):
    user = make.user(Role.MINISTRY)
    token = opened(unit, user)
    looked_at = NOW + 29 * MINUTE

    assert who(token, NOW + 50 * MINUTE, looked_at) == user.id
    assert who(token, NOW + 60 * MINUTE, looked_at) is None
    late = NOW + timedelta(hours=12, minutes=1)
    assert who(token, late, late) is None


def test_activity_is_written_at_most_once_a_minute(make, unit):
    token = opened(unit, make.user())

    for seconds, written in ((60, NOW), (61, NOW + timedelta(seconds=61))):
        with unit():
            wake(token, NOW + timedelta(seconds=seconds))
        with unit():
            assert queries.open_session(token).seen_at == written


def test_sign_out_ends_one_session_for_good(make, unit, who):
    user = make.user()
    here, elsewhere = opened(unit, user), opened(unit, user)

    with unit():
        services.sign_out(here, by=row(User, user.id), at=NOW)

    assert (who(here), who(elsewhere)) == (None, user.id)


def test_closing_an_account_ends_its_sessions_and_links(make, unit, who):
    user, secretary = make.user(), make.user()
    tokens = [opened(unit, user) for _ in range(2)]
    with unit():
        services.request_reset(user.email, at=NOW)

    close(unit, user, secretary)

    assert [who(token) for token in tokens] == [None, None]
    with unit():
        assert session.scalars(select(PasswordReset.used_at)).all() == [NOW]
        fresh = row(User, user.id)
        assert (fresh.deactivated_at, fresh.deactivated_by_id) == (NOW, secretary.id)


def test_nobody_closes_the_own_account(make, unit):
    user = make.user()

    with pytest.raises(Refused) as refused:
        close(unit, user, user)

    assert codes(refused) == ["self"]


# --- invitations -----------------------------------------------------------------------------


@pytest.fixture
def invite(make, unit):
    school = make.school()

    def invited(email="New.Person@School.example", **values):
        values = {
            "role": Role.SCHOOL_MANAGER,
            "duty": Duty.DEPUTY,
            "scope": Scope(school_id=school.id, country_code="MD"),
            "by": SYSTEM,
            "at": NOW,
            **values,
        }
        invitee = services.Invitee(email, "New Person", "en")
        with unit():
            return services.invite(invitee, **values).id

    return invited


def test_what_somebody_sent_ends_with_their_account_or_their_duty_and_nothing_else(
    make, unit, invite, accept
):
    """A link that waits in a mailbox brings nobody in for whoever sent it and was closed out since."""
    secretary, coordinator, head = make.user(), make.user(Role.COORDINATOR), make.manager()
    with unit():
        senders = {one: row(User, one.id) for one in (coordinator, head, secretary)}
    joined = invite("joined@school.example", by=senders[coordinator])
    accept(joined)
    ended = [
        invite("a@school.example", by=senders[coordinator]),
        invite("b@school.example", by=senders[head]),
    ]
    kept = invite("c@school.example", by=senders[secretary])

    close(unit, coordinator, secretary)
    with unit():
        services.change_duty(row(User, head.id), Duty.DEPUTY, by=row(User, head.id), at=NOW)

    for invitation_id in ended:
        with pytest.raises(Refused) as refused:
            accept(invitation_id)
        assert codes(refused) == ["used"]
    assert accept(kept).email == "c@school.example"
    with unit():
        withdrawn = AuditEntry.event == Event.INVITATION_WITHDRAWN
        lines = session.scalars(select(AuditEntry).where(withdrawn).order_by(AuditEntry.id)).all()
        assert [(one.subject_id, one.actor_id, one.facts) for one in lines] == [
            (str(ended[0]), secretary.id, {"because": "inviter_left"}),
            (str(ended[1]), head.id, {"because": "inviter_left"}),
        ]
        assert row(Invitation, joined).revoked_at is None


@pytest.fixture
def accept(unit):
    def accepted(invitation_id, name="Ion Rusu", password=NEW, at=NOW):
        with unit():
            invitation = row(Invitation, invitation_id)
            return services.accept_invitation(invitation, name=name, password=password, at=at)

    return accepted


@pytest.fixture
def is_open(unit):
    def asked(invitation_id, at=NOW):
        with unit():
            return services.is_invitation_open(row(Invitation, invitation_id), at)

    return asked


@pytest.fixture
def mailed(app, unit):
    """The secrets in the links of all mails, the oldest first."""

    def secrets():
        found = []
        for path in sorted(app.extensions["ciss-mailer"].folder.glob("*.eml")):
            text = message_from_bytes(path.read_bytes(), policy=policy.default).get_content()
            link = next(word for word in text.split() if word.startswith("http"))
            found.append(link.rpartition("/")[2])
        return found

    return secrets


def test_an_invitation_is_mailed_and_makes_the_account_it_says(
    unit, invite, accept, mailed, *, sign_in_with, events
):
    invitation_id = invite()

    (token,) = mailed()
    with unit():
        mail = session.scalars(select(Mail)).one()
        assert (mail.to, mail.kind) == ("new.person@school.example", "invitation")
        invitation = queries.invitation_by_token(token)
        assert invitation.id == invitation_id
        assert token not in invitation.token_hash

    user = accept(invitation_id, at=NOW + MINUTE)

    assert (user.email, user.name, user.role, user.duty, user.school_id, user.country_code) == (
        "new.person@school.example",
        "Ion Rusu",
        Role.SCHOOL_MANAGER,
        Duty.DEPUTY,
        invitation.school_id,
        "MD",
    )
    assert sign_in_with(user, NEW)
    assert events() == [Event.PERSON_INVITED, Event.PERSON_JOINED, Event.SIGNED_IN]


@pytest.mark.one_database("sqlite")
def test_an_invitation_says_who_invites_to_what_until_when_and_whom_to_ask(context, make):
    school = make.school(name="Green Lyceum")
    inviter = make.user(Role.COORDINATOR, group_id=school.group_id, name="Ana Rusu")
    group = session.get_one(NationalGroup, school.group_id)

    for by, email in ((inviter, "new@school.example"), (SYSTEM, "other@school.example")):
        services.invite(
            services.Invitee(email, "Ion", "en"),
            role=Role.SCHOOL_MANAGER,
            duty=Duty.HEAD,
            scope=services.Scope(school_id=school.id, country_code="MD"),
            by=by,
            at=NOW,
        )

    bodies = "".join(one or "" for one in session.scalars(select(Mail.body)))
    for said in (
        f"Ana Rusu ({group.name}) has invited you", "Your school: Green Lyceum", "Your role: Head",
        "you pass five modules in your own time: about 4 hours in all",
        "by 2 December 2026", f"If you have questions, write to Ana Rusu: {inviter.email}",
    ):  # fmt: skip
        assert said in bodies
    assert f"{group.name} has invited you to the Certified Internet Safe School programme" in bodies


@pytest.mark.one_database("sqlite")
def test_an_invitation_works_once(unit, invite, accept):
    invitation_id = invite()
    accept(invitation_id)

    with pytest.raises(Refused) as refused:
        accept(invitation_id, name="Somebody Else")

    assert codes(refused) == ["used"]
    with unit():
        assert session.scalars(select(User.name)).all() == ["Ion Rusu"]


@pytest.mark.one_database("sqlite")
def test_an_invitation_lasts_seven_days(invite, accept, is_open):
    invitation_id, end = invite(), NOW + timedelta(days=7)

    assert (is_open(invitation_id, end - MINUTE), is_open(invitation_id, end)) == (True, False)
    with pytest.raises(Refused) as refused:
        accept(invitation_id, at=end)
    assert codes(refused) == ["used"]


@pytest.mark.one_database("sqlite")
def test_a_newer_invitation_makes_the_older_worthless(invite, is_open):
    older, newer = invite(), invite()

    assert (is_open(older), is_open(newer)) == (False, True)


def test_a_withdrawn_invitation_is_refused(unit, invite, accept):
    invitation_id = invite()
    with unit():
        services.withdraw_invitation(row(Invitation, invitation_id), by=SYSTEM, at=NOW)

    with pytest.raises(Refused) as refused:
        accept(invitation_id)

    assert codes(refused) == ["used"]


@pytest.mark.parametrize("way", ["withdrawn", "replaced", "inviter left"])
def test_an_email_with_a_dead_link_is_not_sent_unless_it_is_on_its_way(way, make, unit, invite):
    inviter = make.user(Role.COORDINATOR)
    with hold_mails():
        first, other = invite(by=inviter), invite("other@school.example", by=inviter)
    with unit():
        session.scalars(
            select(Mail).where(Mail.to == "other@school.example")
        ).one().claimed_until = NOW + MINUTE

    with hold_mails():
        if way == "withdrawn":
            with unit():
                both = [row(Invitation, first), row(Invitation, other)]
                assert services.withdraw_invitations(both, by=SYSTEM, at=NOW) == 1
        elif way == "replaced":
            invite(), invite("other@school.example")
        else:
            with unit():
                assert end_invitations_of(row(User, inviter.id), by=SYSTEM, at=NOW) == 2

    with unit():
        left = [mail.to for mail in session.scalars(select(Mail).order_by(Mail.to))]
    new = ["new.person@school.example", "other@school.example"] if way == "replaced" else []
    assert left == sorted([*new, "other@school.example"])


def test_nobody_is_invited_twice(make, unit, invite):
    user = make.user(email="taken@school.example")

    with pytest.raises(Refused) as refused:
        invite(email=user.email.upper())

    assert codes(refused) == ["email"]
    with unit():
        assert session.scalars(select(Invitation)).all() == []


@pytest.mark.one_database("sqlite")
def test_a_weak_password_leaves_the_invitation_open(invite, accept, is_open):
    invitation_id = invite()

    with pytest.raises(Refused) as refused:
        accept(invitation_id, name="New Person", password="person")

    assert codes(refused) == ["password", "password"]
    assert is_open(invitation_id)


def test_of_sixteen_who_use_a_link_at_once_one_wins(unit, invite, accept):
    invitation_id, barrier = invite(), Barrier(16)
    won, lost = [], []

    def use(number: int) -> None:
        barrier.wait()
        try:
            won.append(accept(invitation_id, name=f"Person {number}").name)
        except Refused as refused:
            lost.append([problem.code for problem in refused.problems])

    threads = [Thread(target=use, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), lost) == (1, [["used"]] * 15)
    with unit():
        assert session.scalars(select(User.name)).all() == won


# --- passwords -------------------------------------------------------------------------------


@pytest.fixture
def ask(unit, mailed):
    """Ask for a new password; gives the secret of the link."""

    def asked(user, at=NOW):
        before = set(mailed())
        with unit():
            services.request_reset(user.email, at=at)
        return (set(mailed()) - before).pop()

    return asked


@pytest.fixture
def reset(unit):
    def done(secret, password=NEW, at=NOW):
        with unit():
            services.reset_password(queries.reset_by_token(secret), password, at=at)

    return done


@pytest.mark.one_database("sqlite")
def test_a_reset_sets_the_password_once_and_ends_every_session(
    make, unit, ask, reset, *, who, sign_in_with
):
    user = make.user()
    token, secret = opened(unit, user), ask(user)

    reset(secret)

    assert who(token) is None
    assert sign_in_with(user, PASSWORD) is None
    assert sign_in_with(user, NEW)
    with pytest.raises(Refused) as refused:
        reset(secret, "another green tram")
    assert codes(refused) == ["used"]


@pytest.mark.one_database("sqlite")
def test_a_reset_makes_the_other_links_worthless(make, ask, reset):
    user = make.user()
    older, newer = ask(user), ask(user)

    reset(newer)

    with pytest.raises(Refused) as refused:
        reset(older, "another green tram")
    assert codes(refused) == ["used"]


@pytest.mark.one_database("sqlite")
def test_a_reset_lasts_an_hour(make, ask, reset):
    user = make.user()
    older, newer = ask(user), ask(user)

    with pytest.raises(Refused) as refused:
        reset(older, at=NOW + timedelta(hours=1))
    assert codes(refused) == ["used"]
    reset(newer, at=NOW + timedelta(minutes=59))


@pytest.mark.one_database("sqlite")
def test_a_reset_lets_the_owner_in_while_the_account_waits(make, ask, reset, sign_in_with):
    user = make.user()
    for _ in range(10):
        sign_in_with(user, "wrong")

    reset(ask(user))

    assert sign_in_with(user, NEW)


def test_asking_for_an_unknown_or_closed_account_does_nothing(make, unit, events):
    closed, secretary = make.user(), make.user()
    close(unit, closed, secretary)
    before = events()

    for email in (closed.email, "nobody@ciss.example"):
        with unit():
            services.request_reset(email, at=NOW)

    assert events() == before
    with unit():
        assert session.scalars(select(Mail).where(Mail.kind == "password_reset")).all() == []
        assert session.scalars(select(PasswordReset)).all() == []


def test_the_password_is_changed_with_the_current_one(make, unit, who, sign_in_with):
    user = make.user()
    token = opened(unit, user)

    with pytest.raises(Refused) as refused, unit():
        services.change_password(row(User, user.id), current="wrong", new=NEW, at=NOW)
    assert (codes(refused), who(token)) == (["current_password"], user.id)

    with unit():
        services.change_password(row(User, user.id), current=PASSWORD, new=NEW, at=NOW)
    assert who(token) is None
    assert (sign_in_with(user, PASSWORD), bool(sign_in_with(user, NEW))) == (None, True)


@pytest.fixture
def changed_while_checked(monkeypatch, unit):
    """Change a person's password after it was checked, before what follows from that."""

    def prepare(user):
        verify = passwords.verify_password

        def check(stored, password):
            monkeypatch.undo()
            fits = verify(stored, password)
            thread = Thread(target=change)
            thread.start()
            thread.join()
            return fits

        def change():
            with unit():
                found = row(User, user.id)
                set_password(found, passwords.hash_password(NEW), by=found, at=NOW)

        monkeypatch.setattr(passwords, "verify_password", check)

    return prepare


def test_a_sign_in_under_way_opens_nothing_once_the_password_was_changed(
    make, unit, sign_in_with, changed_while_checked
):
    user = make.user()
    changed_while_checked(user)

    assert sign_in_with(user, PASSWORD) is None

    with unit():
        assert session.scalars(select(UserSession)).all() == []
    assert failures(unit, user)[0] == 1
    assert sign_in_with(user, NEW)


def test_of_two_changes_of_a_password_the_later_needs_the_new_one(
    make, unit, sign_in_with, changed_while_checked
):
    user = make.user()
    changed_while_checked(user)

    with pytest.raises(Refused) as refused, unit():
        services.change_password(
            row(User, user.id), current=PASSWORD, new="red ferry over the lake", at=NOW
        )

    assert codes(refused) == ["current_password"]
    assert (sign_in_with(user, PASSWORD), bool(sign_in_with(user, NEW))) == (None, True)


def test_a_hash_renewed_while_it_is_checked_does_not_stop_a_sign_in(
    make, unit, sign_in_with, monkeypatch
):
    user = make.user()
    verify = passwords.verify_password

    def check(stored, password):
        monkeypatch.undo()
        fits = verify(stored, password)
        with unit():
            row(User, user.id).password_hash = passwords.hash_password(PASSWORD)
        return fits

    monkeypatch.setattr(passwords, "verify_password", check)

    assert sign_in_with(user, PASSWORD)


def test_a_weak_new_password_is_refused(make, unit):
    user = make.user()

    weak = {"current": PASSWORD, "new": "passwordpassword", "at": NOW}
    with pytest.raises(Refused) as refused, unit():
        services.change_password(row(User, user.id), **weak)

    assert codes(refused) == ["new_password"]


def test_the_first_account_is_of_the_secretariat(unit, events):
    with unit():
        user = services.create_first_account(
            email="First@Ciss.example", name="First", password=NEW, language="ro", at=NOW
        )

    assert (user.email, user.role, user.language) == ("first@ciss.example", Role.SECRETARIAT, "ro")
    assert events() == [Event.PERSON_CREATED]


def test_the_language_is_recorded_when_it_changes(make, unit, events):
    user = make.user()

    for language in ("en", "uk", "uk"):
        with unit():
            services.choose_language(row(User, user.id), language, at=NOW)

    with unit():
        assert row(User, user.id).language == "uk"
    assert events() == [Event.PERSON_CHANGED]


@pytest.mark.one_database("sqlite")
def test_invitations_of_a_list_say_what_each_would_say_alone(unit, make):
    group, school, other = make.group("MD"), make.school(), make.school()
    people = [
        make.user(Role.COORDINATOR, group_id=group.id, name=name).id for name in ("Ana", "Ion")
    ]

    with unit(), hold_mails():
        sent = [
            (invitation_to(place, by_id, language, number), f"token-{number}")
            for number, (place, by_id, language) in enumerate(
                product((school, other), (None, *people), ("ro", "uk"))
            )
        ]
        mails.send_invitations(sent, at=NOW)
        together = texts_of_mails()
        for one in sent:
            mails.send_invitation(*one, at=NOW)
        both = texts_of_mails()

    assert len(together) == 12
    assert both == dict.fromkeys(together, 2)


def invitation_to(school, invited_by_id, language, number):
    """An invitation that ends on a day of its own for each place."""
    made = Invitation(
        token_hash=f"{number}",
        email=f"p{number}@school.example",
        name="Maria",
        role=Role.SCHOOL_MANAGER,
        duty=Duty.HEAD,
        school_id=school.id,
        country_code=school.country_code,
        language=language,
        invited_at=NOW,
        invited_by_id=invited_by_id,
        expires_at=NOW + timedelta(days=1 + int(school.code[1:]) % 7),
    )
    session.add(made)
    session.flush()
    return made


def texts_of_mails():
    return Counter((mail.to, mail.subject, mail.body) for mail in session.scalars(select(Mail)))


# --- at once --------------------------------------------------------------------------------


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("how", ["closed", "no longer head"])
@pytest.mark.parametrize("first", ["invite", "end"])
def test_an_invitation_under_way_does_not_outlast_the_rights_of_who_sends_it(
    app, make, unit, how, first
):
    """Both have read the inviter; the second acts before the first is committed, or waits for that."""
    school = make.school()
    inviter, other = make.manager(school), make.user(Role.SECRETARIAT)
    began, done = Signal(), Signal()

    def in_turn(ready, name, act):
        ready()
        if name == first:
            act()
            began.set()
            done.wait(0.5)
        else:
            began.wait(10)
            act()
            done.set()
        return name

    def invite(ready):
        by = row(User, inviter.id)
        invited = {
            "role": Role.SCHOOL_MANAGER,
            "duty": Duty.DEPUTY,
            "scope": Scope(school_id=school.id, country_code=school.country_code),
        }
        who = Invitee("new@school.example", "New", "en")
        return in_turn(ready, "invite", lambda: services.invite(who, **invited, by=by, at=NOW))

    def end(ready):
        found, by = row(User, inviter.id), row(User, other.id)
        close_it = {
            "closed": lambda: services.deactivate(found, by=by, at=NOW),
            "no longer head": lambda: services.change_duty(found, Duty.DEPUTY, by=by, at=NOW),
        }
        return in_turn(ready, "end", close_it[how])

    said = at_once(app, [lambda ready: ready(), invite, end])

    assert "won end" in said
    assert ("won invite" in said) == (first == "invite")
    with unit():
        waiting = select(Invitation.id).where(Invitation.revoked_at.is_(None))
        assert session.scalars(waiting).all() == []


@pytest.mark.one_database("postgresql")
def test_an_invitation_is_withdrawn_or_accepted_and_each_is_told_which(app, unit, invite, accept):
    for _ in range(4):
        invitation_id = invite()

        def withdraw(ready, key=invitation_id):
            found = row(Invitation, key)
            ready()
            return "withdrawn" if services.withdraw_invitation(found, by=SYSTEM, at=NOW) else "late"

        def use(ready, key=invitation_id):
            found = row(Invitation, key)
            ready()
            services.accept_invitation(found, name="New", password=None, at=NOW)
            return "accepted"

        said = sorted(at_once(app, [withdraw, use, withdraw, use]))

        with unit():
            found = row(Invitation, invitation_id)
            ended = ["accepted"] if found.accepted_at else []
            ended += ["withdrawn"] if found.revoked_at else []
            for person in session.scalars(select(User).where(User.email == found.email)):
                session.delete(person)
        assert [
            one.removeprefix("won ") for one in said if one[4:] in {"accepted", "withdrawn"}
        ] == ended
