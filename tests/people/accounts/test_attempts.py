"""Limits that last, the same answer and the same work for known and unknown, links used wrongly."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from threading import Barrier, Thread
from unittest.mock import Mock

import pytest
from sqlalchemy import func, select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused, TooManyAttempts
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import queries, services
from cissapp.people.accounts.models import (
    AttemptCount,
    Invitation,
    PasswordReset,
    ResetRequest,
    User,
)
from cissapp.people.accounts.rules import (
    SIGN_IN_BY_LINK,
    SIGN_IN_FROM_ADDRESS,
    SIGN_IN_FROM_NETWORK,
    SIGN_IN_IN_ALL,
    SIGN_IN_OF_ACCOUNT,
    Duty,
)
from cissapp.people.accounts.services import Invitee, Scope, Visitor, passwords, sessions
from cissapp.people.accounts.services.attempts import key_of
from cissapp.people.accounts.sessions import this_visitor
from cissapp.people.enrolment import services as enrolment
from cissapp.people.notices.models import Mail
from tests.factories import NOW, PASSWORD
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")

MINUTE = timedelta(minutes=1)
NEW = "green tram to the sea"
NOBODY = "nobody@school.example"


def at_once(number, act):
    """Let so many do the same at one moment; return what each was answered."""
    barrier, answers = Barrier(number), []

    def run():
        barrier.wait()
        try:
            answers.append(act())
        except Refused as refused:
            answers.append(refused.problems[0].code)

    threads = [Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def links(app):
    found = []
    for path in sorted(app.extensions["ciss-mailer"].folder.glob("*.eml")):
        text = message_from_bytes(path.read_bytes(), policy=policy.default).get_content()
        found += [word.rpartition("/")[2] for word in text.split() if word.startswith("http")]
    return found


# --- limits ----------------------------------------------------------------------------------


def test_sixteen_at_once_are_counted_as_sixteen(app):
    def count():
        with app.app_context(), unit_of_work():
            return services.count_attempt(SIGN_IN_IN_ALL, "", at=NOW)

    assert sorted(at_once(16, count)) == list(range(1, 17))


def test_counts_end_and_are_deleted(context):
    for limit, of in ((SIGN_IN_FROM_ADDRESS, "a"), (SIGN_IN_OF_ACCOUNT, "b")):
        for minute in (0, 3):
            services.count_attempt(limit, of, at=NOW + minute * MINUTE)
    ends = dict(session.execute(select(AttemptCount.key, AttemptCount.ends_at)).all())

    assert ends == {
        key_of(SIGN_IN_FROM_ADDRESS, "a"): NOW + 5 * MINUTE,
        key_of(SIGN_IN_OF_ACCOUNT, "b"): NOW + 8 * MINUTE,
    }
    assert services.count_attempt(SIGN_IN_FROM_ADDRESS, "a", at=NOW + 5 * MINUTE) == 1
    assert services.forget_old_counts(at=NOW + 8 * MINUTE) == 1


def guess(app, email, at=NOW, password="wrong", **visitor):
    with app.app_context(), unit_of_work():
        return services.sign_in(email, password, at=at, visitor=Visitor(**visitor))


@pytest.mark.one_database("sqlite")
def test_who_sprays_many_accounts_from_one_address_waits_before_a_password_is_looked_at(
    app, make, monkeypatch
):
    user = make.user()
    for number in range(30):
        guess(app, f"person-{number}@school.example", address="guesser")
    monkeypatch.setattr(passwords, "verify_password", lambda *_: pytest.fail("it was looked at"))

    with pytest.raises(TooManyAttempts) as refused:
        guess(app, user.email, password=PASSWORD, address="guesser")

    assert refused.value.until == NOW + 5 * MINUTE
    monkeypatch.undo()
    assert guess(app, user.email, password=PASSWORD, address="somebody else")
    assert guess(app, user.email, NOW + 5 * MINUTE, PASSWORD, address="guesser")


def test_a_thousand_failures_in_all_close_sign_in_but_not_the_link_by_mail(app, make):
    user, other = make.user(), make.user()
    with app.app_context(), unit_of_work():
        session.add(
            AttemptCount(key=key_of(SIGN_IN_IN_ALL, ""), count=1000, ends_at=NOW + 4 * MINUTE)
        )

    for person, by_link in ((user, None), (user, other.id), (other, user.id)):
        with pytest.raises(TooManyAttempts):
            guess(app, person.email, password=PASSWORD, by_link=by_link)
    assert guess(app, user.email, password=PASSWORD, by_link=user.id)


def fill_in_all(app):
    with app.app_context(), unit_of_work():
        session.merge(
            AttemptCount(key=key_of(SIGN_IN_IN_ALL, ""), count=1000, ends_at=NOW + 4 * MINUTE)
        )


def counted(app, limit, of="") -> int:
    with app.app_context():
        found = session.get(AttemptCount, key_of(limit, of))
        return found.count if found else 0


@pytest.mark.one_database("sqlite")
def test_one_customer_of_ipv6_fills_a_tenth_of_what_all_have(app, make, monkeypatch):
    """A /48 has 65,536 neighbourhoods with 30 tries each: 34 of them closed sign-in for everybody."""
    user, visitors = make.user(), []
    monkeypatch.setattr(passwords, "verify_password", lambda *_: False)
    for neighbourhood in range(5):
        address = f"2001:db8:7:{neighbourhood:x}::9"
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            visitors.append(this_visitor())
    refused = 0
    for number in range(5 * 30):
        visitor = visitors[number // 30]
        try:
            guess(app, f"n{number}@x.example", address=visitor.address, network=visitor.network)
        except TooManyAttempts:
            refused += 1
    monkeypatch.undo()

    assert len({visitor.address for visitor in visitors}) == 5
    assert (refused, counted(app, SIGN_IN_IN_ALL)) == (50, 100)
    assert counted(app, SIGN_IN_FROM_NETWORK, visitors[0].network) == 100
    assert SIGN_IN_IN_ALL.most // SIGN_IN_FROM_NETWORK.most == 10
    other = "2001:db8:8::1"
    with app.test_request_context(environ_base={"REMOTE_ADDR": other}):
        neighbour = this_visitor()
    assert guess(
        app, user.email, password=PASSWORD, address=neighbour.address, network=neighbour.network
    )


def test_all_of_ipv4_is_no_network(app):
    for address in ("192.0.2.1", "::ffff:192.0.2.1", "no address"):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            assert this_visitor().network == ""


def test_a_browser_that_is_known_gets_in_though_strangers_have_used_up_all_tries(app, make, client):
    user, other = make.user(Role.SCHOOL_MANAGER), make.user(Role.SCHOOL_MANAGER)

    def enter(browser, person, password=PASSWORD):
        return browser.post(
            "/sign-in", data={"email": person.email, "password": password}
        ).status_code

    assert (enter(client, other), enter(client, user)) == (302, 302)  # one computer, two people
    (kept,) = (one for one in client._cookies.values() if one.key == "ciss-device")
    assert (kept.path, kept.http_only, kept.same_site) == ("/sign-in", True, "Lax")
    client.post("/sign-out")
    for _ in range(12):
        guess(app, user.email, address="stranger")
    fill_in_all(app)

    stranger = app.test_client()
    assert enter(stranger, user) == 429
    assert (enter(client, user), enter(client, other)) == (302, 302)
    for _ in range(10):
        assert enter(client, user, "wrong") == 200
    assert enter(client, user) == 200  # ten tries for a thief of the browser, too
    assert enter(client, other) == 302

    copied = app.test_client()
    copied.set_cookie("ciss-device", kept.value, path="/sign-in")
    assert enter(copied, make.user(Role.SCHOOL_MANAGER)) == 429
    with app.app_context(), unit_of_work():
        services.change_password(session.get_one(User, other.id), current=PASSWORD, new=NEW, at=NOW)
    assert enter(client, other, NEW) == 429  # what the old password was good for is over


def test_under_https_no_page_without_it_sets_the_mark(app, make, client, monkeypatch):
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    sent = {"email": make.user(Role.SCHOOL_MANAGER).email, "password": PASSWORD}

    answer = client.post("/sign-in", data=sent)

    (cookie,) = (one for one in answer.headers.getlist("Set-Cookie") if "-device=" in one)
    name, *flags = cookie.split("; ")
    assert name.partition("=")[0] == "__Secure-ciss-device"
    assert {"HttpOnly", "Path=/sign-in", "SameSite=Lax", "Secure"} <= set(flags)


@pytest.mark.parametrize("marks", ["", "!", "a.b", "." * 900, "ß.ß!x"])
def test_no_made_up_mark_makes_a_browser_known(app, make, client, marks):
    user = make.user(Role.SCHOOL_MANAGER)
    fill_in_all(app)
    client.set_cookie("ciss-device", marks, path="/sign-in")

    assert (
        client.post("/sign-in", data={"email": user.email, "password": PASSWORD}).status_code == 429
    )


def test_while_sign_in_is_closed_for_all_a_second_factor_lets_in_and_nothing_tells_who_has_one(
    app, make
):
    strong, weak = make.user(factors_since=NOW), make.user()
    fill_in_all(app)
    # Nor the time of the refusal, where a hash has the cost of an earlier release.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hash_anew", lambda *_: pytest.fail("more work than for others"))
        for person, password in (
            (weak.email, PASSWORD),
            (strong.email, "wrong"),
            (NOBODY, "wrong"),
        ):
            with pytest.raises(TooManyAttempts):
                guess(app, person, password=password)
    token = guess(app, strong.email, password=PASSWORD)

    with app.app_context():
        assert queries.open_session(token) is None  # the second proof is still asked for
        assert queries.unconfirmed_session(token).user_id == strong.id
    assert counted(app, SIGN_IN_IN_ALL) == 1003
    assert [counted(app, SIGN_IN_OF_ACCOUNT, one) for one in (weak.email, NOBODY)] == [1, 1]
    for _ in range(10):
        with pytest.raises(TooManyAttempts):
            guess(app, strong.email)
    with pytest.raises(TooManyAttempts):  # no more tries than at other times
        guess(app, strong.email, password=PASSWORD)


def test_of_many_who_guess_at_once_ten_are_answered(app, make):
    """Sixteen have all looked at the count before one is counted; the right password is no use to the last six."""
    user = make.user()
    barrier, looked = Barrier(16), passwords.verify_password

    def wait_then_look(stored, password):
        barrier.wait()
        return looked(stored, password)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "verify_password", wait_then_look)
        at_once(16, lambda: guess(app, user.email))

    with app.app_context():
        assert session.get(AttemptCount, key_of(SIGN_IN_OF_ACCOUNT, user.email)).count == 16
    with pytest.MonkeyPatch.context() as patch:  # nor does the time tell that it was right
        patch.setattr(sessions, "reached_limits", lambda *_, **__: {})
        patch.setattr(passwords, "hash_anew", lambda *_: pytest.fail("more work than for others"))
        assert guess(app, user.email, password=PASSWORD) is None
    assert guess(app, user.email, password=PASSWORD) is None


def test_a_stranger_who_goes_on_guessing_keeps_nobody_out_who_comes_by_a_link(app, make, client):
    user = make.user(Role.SCHOOL_MANAGER)

    def hammer():
        for _ in range(12):
            guess(app, user.email, address="stranger")

    hammer()
    client.post("/password-reset", data={"email": user.email})
    (token,) = links(app)
    client.post(f"/password-reset/{token}", data={"new_password": NEW})
    hammer()
    assert guess(app, user.email, password=NEW, address="another browser") is None

    answer = client.post("/sign-in", data={"email": user.email, "password": NEW})

    assert (answer.status_code, answer.location) == (302, "/")
    with client.session_transaction() as cookie:
        assert "by_link" not in cookie


def test_the_link_counts_for_its_account_for_a_quarter_of_an_hour_and_ten_tries(app, make, client):
    user = make.user(Role.SCHOOL_MANAGER)
    client.post("/password-reset", data={"email": user.email})
    (token,) = links(app)
    client.post(f"/password-reset/{token}", data={"new_password": NEW})
    for _ in range(10):
        guess(app, user.email)

    with clock.at(NOW + 15 * MINUTE):
        for _ in range(10):
            guess(app, user.email, clock.now())
        late = client.post("/sign-in", data={"email": user.email, "password": NEW})
    for _ in range(10):
        client.post("/sign-in", data={"email": user.email, "password": "wrong"})
    used_up = client.post("/sign-in", data={"email": user.email, "password": NEW})

    assert (late.status_code, used_up.status_code) == (200, 200)
    with app.app_context():
        assert session.get(AttemptCount, key_of(SIGN_IN_BY_LINK, user.email)).count == 10


def test_the_page_says_for_how_long_and_keeps_what_was_typed(app, client):
    with app.app_context(), unit_of_work():
        session.add(
            AttemptCount(key=key_of(SIGN_IN_IN_ALL, ""), count=1000, ends_at=NOW + 4 * MINUTE)
        )

    answer = client.post("/sign-in", data={"email": "ana@school.example", "password": PASSWORD})
    page = answer.get_data(as_text=True)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "240")
    assert "Wait for 4 minutes, then try again." in page
    assert 'value="ana@school.example"' in page
    assert PASSWORD not in page


def test_no_forged_header_makes_another_visitor(app, client):
    for number in range(31):
        answer = client.post(
            "/sign-in",
            data={"email": f"person-{number}@school.example", "password": "wrong"},
            headers={"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"},
        )

    assert answer.status_code == 429


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("2001:db8::1", "2001:db8:0:0:1::2", True),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_neighbours_of_ipv6_are_one_visitor(app, first, second, same):
    keys = []
    for address in (first, second):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            keys.append(this_visitor().address)
            assert address not in keys[-1]

    assert (keys[0] == keys[1]) is same


def test_an_address_gets_two_mails_an_hour_and_the_owner_always_has_a_link_that_works(
    app, make, client
):
    """A stranger who asks on and on keeps nobody out, together with wrong passwords: the last mail still opens."""
    user = make.user()

    def ask():
        return client.post("/password-reset", data={"email": user.email}).status_code

    def sent():
        with app.app_context():
            return session.scalar(select(func.count(Mail.id)))

    answers = {ask() for _ in range(8)}
    first, (token, *_others) = sent(), links(app)
    with clock.at(NOW + timedelta(minutes=59)):
        ask()
        opens = client.get(f"/password-reset/{token}").status_code
    second = sent()
    with clock.at(NOW + timedelta(hours=1)):
        ask()

    assert (answers, first, second, opens, sent()) == ({302}, 2, 2, 200, 3)


@pytest.mark.one_database("sqlite")
def test_a_place_sends_fifty_invitations_a_day_by_hand_and_more_with_a_list(context, make):
    school = make.school()
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    head = make.user(Role.SCHOOL_MANAGER, school_id=school.id)

    def invite(number, by):
        enrolment.invite_to_school(
            school, duty=Duty.DEPUTY, email=f"n{number}@school.example", name="N", by=by, at=NOW
        )

    for number in range(50):
        invite(number, coordinator)
    with pytest.raises(Refused) as refused:
        invite(50, coordinator)
    assert refused.value.problems[0].code == "email"
    listed = Invitee("n51@school.example", "N", "ro")
    enrolment.invite_listed([(school, Duty.DEPUTY, listed)], by=coordinator, at=NOW)
    invite(52, head)


# --- known and unknown -----------------------------------------------------------------------


@pytest.fixture
def work(app, monkeypatch):
    """What an answer costs: how often a password is hashed, and which statements are sent."""

    def of(act):
        hashed, looked = [], passwords.verify_password
        monkeypatch.setattr(
            passwords, "verify_password", lambda *args: hashed.append(1) or looked(*args)
        )

        try:
            with statements_sent(app) as seen:
                answer = act()
        finally:
            monkeypatch.setattr(passwords, "verify_password", looked)
        return answer, len(hashed), seen

    return of


def body(response, email):
    page = response.get_data(as_text=True).replace(email, "ADDRESS")
    return response.status_code, response.location, re.sub(r'csrf_token" value="[^"]+"', "", page)


@pytest.mark.both_databases
def test_sign_in_does_the_same_for_known_and_unknown(app, make, client, work):
    known = make.user()
    closed = make.user(deactivated_at=NOW, deactivated_by_id=make.user().id)
    waiting = make.user()
    found = {}

    def enter(email):
        return client.post("/sign-in", data={"email": email, "password": "wrong"})

    enter("warm-up@school.example")
    for email in (NOBODY, known.email, closed.email):
        answer, hashed, statements = work(lambda email=email: enter(email))
        found[email] = (body(answer, email), hashed, statements)
    for person, address in ((waiting.email, "a"), ("also@school.example", "b")):
        for _ in range(10):
            guess(app, person, address=address)
        answer, hashed, statements = work(lambda person=person: enter(person))
        found[person] = (body(answer, person), hashed, statements)

    assert found[NOBODY][1] == 1
    assert found[known.email] == found[closed.email] == found[NOBODY]
    assert found[waiting.email] == found["also@school.example"]
    assert found[waiting.email][:2] == found[NOBODY][:2]

    fill_in_all(app)
    strong = make.user(factors_since=NOW)
    client.set_cookie("ciss-device", "made.up", path="/sign-in")
    closed_for_all = []
    for email in (strong.email, make.user().email, "another@school.example"):
        answer, hashed, statements = work(lambda email=email: enter(email))
        closed_for_all.append((body(answer, email), hashed, statements))
    assert closed_for_all[0] == closed_for_all[1] == closed_for_all[2]
    assert closed_for_all[0][0][0] == 429


@pytest.mark.both_databases
def test_asking_for_a_password_does_the_same_for_known_and_unknown(
    app, make, client, work, monkeypatch
):
    """What follows is done behind the answer, so nothing of it is in the time of the answer."""
    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setattr("cissapp.foundation.background.services.bell.bell_of", Mock())
    known, found = make.user(), []

    def ask(email):
        return client.post("/password-reset", data={"email": email})

    ask("warm-up@school.example")
    for email in (NOBODY, known.email):
        answer, hashed, statements = work(lambda email=email: ask(email))
        found.append((body(answer, email), hashed, statements))

    assert found[0] == found[1]
    assert links(app) == []
    with app.app_context(), unit_of_work():
        services.answer_reset_requests(at=clock.now())
        assert session.scalars(select(ResetRequest)).all() == []
        assert session.scalars(select(Mail.to)).all() == [known.email]


def test_a_wish_for_a_password_that_waited_too_long_is_forgotten(app, make):
    user = make.user()
    with app.app_context(), unit_of_work():
        session.add(ResetRequest(email=user.email, asked_at=NOW - timedelta(hours=1)))
        session.flush()

        assert services.answer_reset_requests(at=NOW) == 0
        assert session.scalars(select(ResetRequest)).all() == []


@pytest.mark.one_database("sqlite")
def test_only_who_may_know_is_told_that_somebody_has_an_account(context, make):
    school, other = make.school(), make.school()
    theirs = make.user(Role.SCHOOL_MANAGER, school_id=other.id)

    def invite(by):
        try:
            found = services.invite(
                Invitee(theirs.email, "Somebody", "en"),
                role=Role.SCHOOL_MANAGER,
                duty=Duty.DEPUTY,
                scope=Scope(school_id=school.id, country_code="MD"),
                by=by,
                at=NOW,
            )
        except Refused as refused:
            return refused.problems[0].code
        return found.email

    told = [
        make.user(Role.SECRETARIAT),
        make.user(Role.COORDINATOR, group_id=other.group_id),
        make.user(Role.SCHOOL_MANAGER, school_id=other.id),
        SYSTEM,
    ]
    not_told = [
        make.user(Role.COORDINATOR, group_id=school.group_id),
        make.user(Role.SCHOOL_MANAGER, school_id=school.id),
    ]

    assert [invite(by) for by in told] == ["email"] * 4
    assert [invite(by) for by in not_told] == [theirs.email] * 2
    # As with any address, the later invitation takes the place of the earlier, whose email was not sent yet.
    (body,) = session.scalars(select(Mail.body))
    assert ("/invitations/" in body, "account can belong to only one place" in body) == (
        False,
        True,
    )


@pytest.mark.one_database("sqlite")
def test_an_ended_guest_is_told_so_with_the_right_password_only(app, make):
    guest = make.user(Role.GUEST, guest_application_id=make.group().id, ends_at=NOW - MINUTE)

    assert guess(app, guest.email) is None
    with pytest.raises(Refused):
        guess(app, guest.email, password=PASSWORD)


# --- links -----------------------------------------------------------------------------------


def ask_for(app, user, at=NOW):
    before = set(links(app))
    with app.app_context(), unit_of_work():
        services.request_reset(user.email, at=at)
    return (set(links(app)) - before).pop()


def test_of_sixteen_who_use_a_link_for_a_password_at_once_one_wins(app, make):
    user = make.user()
    token = ask_for(app, user)

    def use():
        with app.app_context(), unit_of_work():
            services.reset_password(queries.reset_by_token(token), NEW, at=NOW)
        return "set"

    assert sorted(at_once(16, use)) == ["set"] + ["used"] * 15
    with app.app_context():
        changed = select(AuditEntry.id).where(AuditEntry.event == Event.PASSWORD_CHANGED)
        assert len(session.scalars(changed).all()) == 1


def test_a_link_opens_nothing_of_another_kind(app, make, client):
    user = make.user()
    school = make.school()
    reset = ask_for(app, user)
    with app.app_context(), unit_of_work():
        services.invite(
            Invitee("new@school.example", "New", "en"),
            role=Role.SCHOOL_MANAGER,
            duty=Duty.DEPUTY,
            scope=Scope(school_id=school.id, country_code="MD"),
            by=SYSTEM,
            at=NOW,
        )
    (invitation,) = set(links(app)) - {reset}

    for path in (f"/invitations/{reset}", f"/password-reset/{invitation}"):
        assert client.get(path).status_code == 410
        sent = client.post(path, data={"name": "N", "password": NEW, "new_password": NEW})
        assert sent.status_code == 410
    with client.session_transaction() as cookie:
        cookie["token"] = reset
    assert client.get("/account").status_code == 302


def test_a_link_sets_the_password_of_its_own_account_only(app, make, client):
    user, other = make.user(Role.SCHOOL_MANAGER), make.user()
    token = ask_for(app, user)

    client.post(
        f"/password-reset/{token}",
        data={"new_password": NEW, "user_id": str(other.id), "email": other.email},
    )

    assert guess(app, other.email, password=PASSWORD)
    assert guess(app, user.email, password=NEW)


def test_a_change_of_the_password_or_of_the_address_ends_the_links_that_wait(app, make):
    user, moved = make.user(), make.user()
    token, old_address = ask_for(app, user), ask_for(app, moved)
    with app.app_context(), unit_of_work():
        services.change_password(session.get_one(User, user.id), current=PASSWORD, new=NEW, at=NOW)
        session.get_one(User, moved.id).email = "new-address@school.example"

    for one in (token, old_address):
        with app.app_context(), unit_of_work():
            found = queries.reset_by_token(one)
            with pytest.raises(Refused):
                services.reset_password(found, "another green tram", at=NOW)
    with app.app_context():
        assert None not in session.scalars(select(PasswordReset.used_at)).all()


@pytest.mark.one_database("sqlite")
def test_an_invitation_to_an_address_that_has_an_account_by_now_makes_none(app, make):
    school = make.school()
    with app.app_context(), unit_of_work():
        invitation_id = services.invite(
            Invitee("late@school.example", "Late", "en"),
            role=Role.SCHOOL_MANAGER,
            duty=Duty.DEPUTY,
            scope=Scope(school_id=school.id, country_code="MD"),
            by=SYSTEM,
            at=NOW,
        ).id
    make.user(email="late@school.example")

    with app.app_context(), pytest.raises(Refused), unit_of_work():
        found = session.get_one(Invitation, invitation_id)
        services.accept_invitation(found, name="Late", password=NEW, at=NOW)
    with app.app_context():
        assert (
            len(session.scalars(select(User).where(User.email == "late@school.example")).all()) == 1
        )
