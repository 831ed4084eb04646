"""Writes of documents, mechanism and scores: done once, recorded, refused when closed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.storage import LocalStore
from cissapp.foundation.intake import Taken
from cissapp.foundation.web.context import content
from cissapp.prepare.evidence import queries, services
from cissapp.prepare.evidence.models import (
    Document,
    DocumentVersion,
    DossierLock,
    ReportingPerson,
    SelfEvidence,
    SelfScore,
)
from cissapp.prepare.evidence.rules import ChannelKind, MediaType, Part, VersionState
from cissapp.prepare.evidence.rules.mechanism import (
    ChannelFacts,
    PersonFacts,
    Rules,
    StepFacts,
    TimeLimits,
)
from cissapp.prepare.evidence.rules.scores import ScoreFacts
from cissapp.prepare.evidence.services.scores import stamp_of
from tests.factories import NOW

LATER = NOW + timedelta(minutes=5)
TAKEN = Taken(MediaType.PDF, "Everybody looks after everybody.", 1, ())
PERSON = PersonFacts("Psychologist", "room 7", "9-15", trained=True)
LIMITS = TimeLimits(24, 1, 3)


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "files")


@pytest.fixture
def school(context, make):
    return make.school()


@pytest.fixture
def head(school, make):
    return make.manager(school)


def add(school, by, store, raw=b"one", **values):
    values = {"title": "Safety policy", "evidence_code": "POL", "file_name": "policy.pdf", **values}
    return services.add_document(
        school, taken=TAKEN, content=raw, store=store, by=by, at=NOW, **values
    )


def more(document, by, store, raw):
    return services.add_version(
        document, taken=TAKEN, content=raw, file_name="next.pdf", store=store, by=by, at=LATER
    )


def stored(store):
    return sorted(path.read_bytes() for path in store.root.rglob("*") if path.is_file())


def trail(school):
    rows = session.scalars(
        select(AuditEntry).where(AuditEntry.school_id == school.id).order_by(AuditEntry.id)
    )
    return [(row.event.value, row.facts) for row in rows]


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def score(school, by, facts, *, criterion_id="A4", at=NOW, seen=None):
    standard = content().standard
    criterion = standard.by_id[criterion_id]
    return services.save_score(school, criterion, facts, standard=standard, seen=seen, by=by, at=at)


# --- documents -------------------------------------------------------------------------------


def test_a_document_is_kept_with_its_file_and_recorded(school, head, store):
    document = add(school, head, store, b"one", file_name="..\\secret/po\u202elicy.pdf")

    version = document.versions[0]
    sha256 = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    assert (
        document.school_id, document.title, document.evidence_code, document.created_by_id,
        version.school_id, version.number, version.state, version.file_name, version.media_type,
        version.size, version.sha256, version.text, version.uploaded_at, version.uploaded_by_id,
    ) == (
        school.id, "Safety policy", "POL", head.id,
        school.id, 1, VersionState.DRAFT, "policy.pdf", MediaType.PDF,
        3, sha256, TAKEN.text, NOW, head.id,
    )  # fmt: skip
    assert store.get(version.file_key) == b"one"
    assert version.file_key.startswith("documents/")
    assert trail(school) == [("document.added", {"kind": "POL", "sha256": sha256, "size": 3})]


def test_the_same_content_is_not_kept_twice(school, head, store):
    first = add(school, head, store)

    with pytest.raises(Refused) as refused:
        add(school, head, store, title="Another title")

    problem = refused.value.problems[0]
    assert (problem.code, problem.message % problem.values, problem.link) == (
        "file",
        "This file is here already, as “Safety policy”. Nothing was added.",
        ("evidence.document", {"document_id": first.id}),
    )
    assert stored(store) == [b"one"]
    assert [entry.title for entry in queries.documents(school.id)] == ["Safety policy"]


def test_another_school_may_have_the_same_content(school, head, store, make):
    add(school, head, store)
    other = make.school()

    add(other, make.manager(other), store)

    assert stored(store) == [b"one", b"one"]


def test_versions_are_counted_up_and_the_newest_is_not_repeated(school, head, store):
    document = add(school, head, store)

    second = more(document, head, store, b"two")

    assert (second.number, second.state, second.uploaded_at) == (2, VersionState.DRAFT, LATER)
    assert [version.number for version in document.versions] == [1, 2]
    with pytest.raises(Refused) as refused:
        more(document, head, store, b"two")
    assert codes(refused) == ["file"]
    assert more(document, head, store, b"one").number == 3
    assert [event for event, _facts in trail(school)] == [
        "document.added",
        "document.version_added",
        "document.version_added",
    ]


def test_there_is_a_limit_and_what_is_over_it_leaves_no_file(school, head, store):
    for number in range(40):
        document = add(school, head, store, str(number).encode())
    for number in range(19):
        more(document, head, store, f"v{number}".encode())

    with pytest.raises(Refused) as documents:
        add(school, head, store, b"one too many")
    with pytest.raises(Refused) as versions:
        more(document, head, store, b"one too many")

    assert (codes(documents), codes(versions)) == (["documents"], ["versions"])
    assert len(stored(store)) == 59


def test_a_store_that_fails_leaves_no_row(school, head, tmp_path):
    class Full(LocalStore):
        def put(self, key, content):
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        add(school, head, Full(tmp_path))

    assert queries.documents(school.id) == []


def test_a_draft_is_removed_with_its_file_once_the_change_is_kept(app, make, store):
    school = make.school()
    head = make.manager(school)
    with app.app_context(), unit_of_work():
        document = add(school, head, store)
        version = more(document, head, store, b"two")
    with app.app_context(), unit_of_work():
        row = session.get(DocumentVersion, version.id)
        left = services.remove_draft(row, store=store, by=head, at=LATER)
        assert [one.number for one in left.versions] == [1]
        assert stored(store) == [b"one", b"two"]
    assert stored(store) == [b"one"]


def test_a_removal_that_is_not_kept_leaves_the_file(app, make, store):
    school = make.school()
    head = make.manager(school)
    with app.app_context(), unit_of_work():
        version = add(school, head, store).versions[0]

    def fail_later():
        with unit_of_work():
            row = session.get(DocumentVersion, version.id)
            services.remove_draft(row, store=store, by=head, at=LATER)
            raise RuntimeError("something fails later")

    with app.app_context(), pytest.raises(RuntimeError, match="later"):
        fail_later()

    assert stored(store) == [b"one"]


def test_with_its_last_draft_a_document_goes_and_is_evidence_no_longer(school, head, store):
    document = add(school, head, store)
    score(school, head, ScoreFacts(2, "text", document_ids=frozenset({document.id})))

    left = services.remove_draft(document.versions[0], store=store, by=head, at=LATER)

    assert left is None
    assert session.scalars(select(Document)).all() == []
    assert session.scalars(select(SelfEvidence)).all() == []
    event, facts = trail(school)[-1]
    assert (event, facts["document_removed"]) == ("document.draft_removed", True)


@pytest.mark.parametrize("state", sorted(set(VersionState) - {VersionState.DRAFT}))
def test_what_was_handed_in_is_not_removed(school, head, store, state):
    version = add(school, head, store).versions[0]
    version.state = state
    session.flush()

    with pytest.raises(Refused) as refused:
        services.remove_draft(version, store=store, by=head, at=LATER)

    assert codes(refused) == ["state"]
    assert stored(store) == [b"one"]


def test_a_document_that_a_colleague_removed_takes_no_version(school, head, store):
    document = add(school, head, store)
    services.remove_draft(document.versions[0], store=store, by=head, at=LATER)

    with pytest.raises(Missing):
        more(document, head, store, b"two")

    assert stored(store) == [b"one"]


def test_a_file_is_examined_outside_the_transaction(app, make):
    school = make.school()
    with app.app_context(), unit_of_work():
        taken = services.examined(school.id, make.pdf_of("Policy"), "policy.pdf", clamd_url="")
        assert not session().in_transaction()
        assert (taken.media_type, taken.text) == (MediaType.PDF, "Policy")

        with pytest.raises(Refused) as refused:
            services.examined(school.id, b"<html>", "policy.pdf", clamd_url="")
        assert codes(refused) == ["file"]


# --- the life of a version -------------------------------------------------------------------


def states(document):
    return [(version.number, version.state.value) for version in queries.versions(document.id)]


def test_the_newest_versions_are_frozen_accepted_and_replaced(school, head, store):
    policy, plan = add(school, head, store), add(school, head, store, b"plan", title="Plan")
    more(policy, head, store, b"two")

    frozen = services.freeze(school.id, by=head, at=NOW)
    assert [(one.document_id, one.number) for one in frozen] == [(plan.id, 1), (policy.id, 2)]
    assert states(policy) == [(1, "draft"), (2, "submitted")]

    more(policy, head, store, b"three")
    again = services.freeze(school.id, by=head, at=LATER)
    assert [one.number for one in again] == [1, 3]
    assert states(policy) == [(1, "draft"), (2, "submitted"), (3, "submitted")]

    services.accept(again, by=head, at=LATER)
    assert states(policy) == [(1, "draft"), (2, "superseded"), (3, "accepted")]
    assert states(plan) == [(1, "accepted")]

    more(policy, head, store, b"four")
    renewed = services.freeze(school.id, by=head, at=LATER)
    assert states(plan) == [(1, "accepted")]
    services.accept(renewed, by=head, at=LATER)
    assert states(policy) == [(1, "draft"), (2, "superseded"), (3, "superseded"), (4, "accepted")]
    assert states(plan) == [(1, "accepted")]


# --- the lock --------------------------------------------------------------------------------


def test_a_lock_is_set_changed_and_taken_away(school):
    assert queries.open_criteria(school.id) is None

    services.lock(school.id, open_criteria=[], at=NOW)
    services.lock(school.id, open_criteria=["A3"], at=LATER)
    assert queries.open_criteria(school.id) == ["A3"]
    assert session.get(DossierLock, school.id).locked_at == LATER

    services.unlock(school.id)
    services.unlock(school.id)
    assert queries.open_criteria(school.id) is None


def attempts(school, head, store, document, row):
    """Every write of the room, by name."""
    return {
        "examine": lambda: services.examined(school.id, b"", "", clamd_url=""),
        "document": lambda: add(school, head, store, b"new"),
        "version": lambda: more(document, head, store, b"newer"),
        "draft": lambda: services.remove_draft(document.versions[0], store=store, by=head, at=NOW),
        "add": lambda: services.add_entry(school, StepFacts("a", "b", "c"), by=head, at=NOW),
        "change": lambda: services.change_entry(row, PersonFacts("x", "y", "z"), by=head, at=NOW),
        "remove": lambda: services.remove_entry(row, by=head, at=NOW),
        "limits": lambda: services.save_mechanism(school, LIMITS, by=head, at=NOW),
        "A4": lambda: score(school, head, ScoreFacts(1)),
        "B6": lambda: score(school, head, ScoreFacts(1), criterion_id="B6"),
    }


@pytest.mark.parametrize(
    ("open_criteria", "closed"),
    [
        (
            [],
            {
                "examine",
                "document",
                "version",
                "draft",
                "add",
                "change",
                "remove",
                "limits",
                "A4",
                "B6",
            },
        ),
        (["A4"], {"add", "change", "remove", "limits", "B6"}),
        (["B6"], {"A4"}),
    ],
)
def test_what_is_closed_refuses_every_write(app, make, store, open_criteria, closed):
    school = make.school()
    head = make.manager(school)
    refusing = set()
    with app.app_context(), unit_of_work():
        document = add(school, head, store)
        row = services.add_entry(school, PERSON, by=head, at=NOW)
        services.lock(school.id, open_criteria=open_criteria, at=NOW)
    with app.app_context():
        document = session.get(Document, document.id)
        row = session.get(ReportingPerson, row.id)
        for name, attempt in attempts(school, head, store, document, row).items():
            try:
                with unit_of_work():
                    attempt()
                    session.rollback()
            except Refused as refused:
                if [problem.code for problem in refused.problems] == ["closed"]:
                    refusing.add(name)

    assert refusing == closed


# --- reporting mechanism ---------------------------------------------------------------------


def test_an_entry_is_added_once_changed_and_removed(school, head):
    row = services.add_entry(school, PERSON, by=head, at=NOW)
    same = services.add_entry(school, PERSON, by=head, at=LATER)
    services.change_entry(row, PERSON, by=head, at=LATER)
    services.change_entry(row, PersonFacts("Teacher", "room 8", "9-15"), by=head, at=LATER)
    found = queries.entries(school.id, Part.PERSONS)
    assert same is row
    assert [(one.office, one.contact, one.trained, one.added_at) for one in found] == [
        ("Teacher", "room 8", False, NOW)
    ]

    services.remove_entry(row, by=head, at=LATER)
    services.remove_entry(row, by=head, at=LATER)
    assert queries.entries(school.id, Part.PERSONS) == []
    assert trail(school) == [
        ("mechanism.changed", {"what": "added"}),
        ("mechanism.changed", {"what": "changed"}),
        ("mechanism.changed", {"what": "removed"}),
    ]


def test_each_kind_of_entry_finds_its_list(school, head):
    channel = ChannelFacts(ChannelKind.DIGITAL, "Form", "school page", "always", anonymous=True)
    step = StepFacts("Police", "at once", "112")

    services.add_entry(school, channel, by=head, at=NOW)
    services.add_entry(school, step, by=head, at=NOW)

    channels, steps = (queries.entries(school.id, one) for one in (Part.CHANNELS, Part.ESCALATION))
    assert [(one.kind, one.description, one.anonymous) for one in channels] == [
        (ChannelKind.DIGITAL, "Form", True)
    ]
    assert [(one.body, one.when_called, one.contact) for one in steps] == [
        ("Police", "at once", "112")
    ]


def test_a_list_has_an_end(school, head):
    for number in range(30):
        services.add_entry(school, StepFacts(f"Body {number}", "then", "1"), by=head, at=NOW)

    with pytest.raises(Refused) as refused:
        services.add_entry(school, StepFacts("Another", "then", "1"), by=head, at=NOW)

    assert codes(refused) == ["many"]


def test_limits_and_rules_share_a_row_and_are_saved_once(school, head, make):
    rules = Rules("Who must know.", "Nobody is punished.", None, None, never_handles_images=True)
    services.save_mechanism(school, rules, by=head, at=NOW)
    services.save_mechanism(school, LIMITS, by=head, at=LATER)

    row = services.save_mechanism(school, LIMITS, by=make.manager(school), at=LATER)

    assert (
        row.crime_hours, row.answer_days, row.plan_days, row.confidentiality, row.no_retaliation,
        row.about_staff, row.evidence_rule, row.never_handles_images, row.changed_at, row.changed_by_id,
    ) == (24, 1, 3, "Who must know.", "Nobody is punished.", None, None, True, LATER, head.id)  # fmt: skip
    assert trail(school) == [("mechanism.changed", {"what": "changed"})] * 2


# --- self-assessment -------------------------------------------------------------------------


def test_a_score_is_saved_once_and_its_evidence_follows(school, head, store):
    one, two = add(school, head, store), add(school, head, store, b"two", title="Plan")
    facts = ScoreFacts(2, "How we meet it.", "page 3", frozenset({one.id}))

    row = score(school, head, facts)
    score(school, head, facts, at=LATER)
    assert (row.level, row.not_applicable, row.text, row.pages, row.document_ids, row.saved_at) == (
        2, False, "How we meet it.", "page 3", frozenset({one.id}), NOW,
    )  # fmt: skip

    score(school, head, ScoreFacts(None, "We have none.", "", frozenset({two.id})), at=LATER)
    session.expire_all()
    row = queries.score(school.id, "A4")
    assert (row.level, row.not_applicable, row.document_ids, row.saved_at, row.saved_by_id) == (
        None, True, frozenset({two.id}), LATER, head.id,
    )  # fmt: skip
    assert trail(school)[2:] == [
        ("self_score.saved", {"level": 2, "documents": [str(one.id)]}),
        ("self_score.saved", {"level": None, "documents": [str(two.id)]}),
    ]


def test_only_two_criteria_of_a_part_and_no_critical_one_are_left_out(school, head):
    for criterion_id in ("A4", "A5", "B6"):
        score(school, head, ScoreFacts(None), criterion_id=criterion_id)
    score(school, head, ScoreFacts(None, "now with a reason"), criterion_id="A5")

    for criterion_id in ("A1", "A6"):
        with pytest.raises(Refused) as refused:
            score(school, head, ScoreFacts(None), criterion_id=criterion_id)
        assert codes(refused) == ["level"]
    assert set(queries.scores(school.id)) == {"A4", "A5", "B6"}


def test_a_document_of_another_school_is_no_evidence(school, head, store, make):
    other = make.school()
    foreign = add(other, make.manager(other), store)

    with pytest.raises(Refused) as refused:
        score(school, head, ScoreFacts(1, document_ids=frozenset({foreign.id})))

    assert codes(refused) == ["documents"]
    assert session.scalars(select(SelfScore)).all() == []


def test_what_a_colleague_saved_meanwhile_is_not_overwritten_unread(school, head):
    score(school, head, ScoreFacts(1, "first"), seen="")
    seen = stamp_of(queries.score(school.id, "A4"))
    score(school, head, ScoreFacts(2, "second"), seen=seen, at=LATER)

    with pytest.raises(Refused) as refused:
        score(school, head, ScoreFacts(3, "third"), seen=seen, at=LATER)

    assert codes(refused) == ["overtaken"]
    score(school, head, ScoreFacts(2, "second"), seen=seen, at=LATER)
    assert queries.score(school.id, "A4").text == "second"


def test_several_criteria_are_scored_in_one_act_and_what_is_the_same_is_not_recorded_again(
    school, head, store
):
    document = add(school, head, store)
    shown = frozenset({document.id})
    facts = {
        key: ScoreFacts(
            2, f"How we meet {key}, in words of our own.", "", shown, {document.id: "1"}
        )
        for key in ("B1", "A4")
    }
    standard = content().standard

    services.save_scores(school, facts, standard=standard, by=head, at=NOW)
    changed = {**facts, "A4": ScoreFacts(1, "Another text of some length here.", "", shown)}
    rows = services.save_scores(school, changed, standard=standard, by=head, at=NOW)

    assert [(row.criterion_id, row.level) for row in rows] == [("B1", 2), ("A4", 1)]
    documents = [str(document.id)]
    assert trail(school)[-3:] == [
        ("self_score.saved", {"level": 2, "documents": documents}),
        ("self_score.saved", {"level": 2, "documents": documents}),
        ("self_score.saved", {"level": 1, "documents": documents}),
    ]


def test_several_criteria_are_refused_for_a_document_that_is_not_there(school, head, store):
    add(school, head, store)
    strange = ScoreFacts(2, "A text of some length for this one.", "", frozenset({school.id}))

    with pytest.raises(Refused) as refused:
        services.save_scores(school, {"A4": strange}, standard=content().standard, by=head, at=NOW)

    assert codes(refused) == ["documents"]
