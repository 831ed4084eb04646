"""The application on one page, and as a bag, as the group and the school meet them."""

import io
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import bagit
import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake import examine
from cissapp.foundation.intake.media import MediaType
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from cissapp.prepare.acknowledgements import services as acknowledgements
from cissapp.prepare.acknowledgements.rules import ReadingRequest
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.prepare.documents.rules import VersionState
from cissapp.review.briefs.archive import bags
from tests.factories import NOW
from tests.prepare.pages import main_of, text_of, texts
from tests.statements import statements_sent

LANGUAGES = ["en", "ro", "uk", "ru", "be"]
LONG = "Ліцей імені дуже довгої назви з дуже довгими словами " * 6


@pytest.fixture
def application(app, make):
    """A dossier that was handed in, with the file of its policy in the store."""
    school = make.school(progress=Progress.TRAINED, name="Lyceum of Orhei")
    return handed_in(app, make, school)


def handed_in(app, make, school, text="CANARY-OWN policy"):
    application = make.handed_in(school)
    keep_files(app, make, school.id, text)
    return application


def keep_files(app, make, school_id, text):
    """Put real files behind the versions of a school."""
    import hashlib

    with app.app_context(), unit_of_work():
        for one in session.query(DocumentVersion).filter_by(school_id=school_id):
            content = make.pdf_of(f"{text} {one.number}")
            taken = examine(content, "policy.pdf")
            if one.file_key.startswith("documents/"):
                files().put(one.file_key, content)
            one.sha256, one.size = hashlib.sha256(content).hexdigest(), len(content)
            one.copy_file_key = f"{one.file_key}-copy"
            one.copy_sha256 = hashlib.sha256(taken.copy).hexdigest()
            files().put(one.copy_file_key, taken.copy)


@pytest.fixture
def reviewer(make, application):
    return make.reviewers(application, 1)[0]


@pytest.fixture
def browser(reviewer, sign_in):
    return sign_in(reviewer)


def page_of(application, what="brief"):
    return f"/reviews/{application.id}/{what}"


def lines(response):
    """Every line of the page: what it is about, and what it says."""
    found = {}
    for one in main_of(response).iter("div"):
        parts = [text_of(part) for part in one if part.tag in {"dt", "dd"}]
        if len(parts) == 2:
            found.setdefault(parts[0], parts[1])
    return found


# --- the page --------------------------------------------------------------------------------


def test_the_page_tells_who_when_levels_and_days(browser, application):
    page = browser.get(page_of(application))

    said = lines(page)
    assert texts(page, "h1") == ["Lyceum of Orhei"]
    assert texts(page, "h2") == [
        "Look at these first",
        "School",
        "Training",
        "Levels",
        "Open points",
        "Drill",
        "Changes since last time",
        "Due dates",
    ]
    assert said["Head / Deputy head"] == "all modules passed on 25 November 2026"
    assert said["Submitted"] == "25 November 2026, round 1, Head"
    assert said["Criteria in this round"] == "all, because this is the first round"
    assert said["Changes"] == "this is the school’s first application"
    assert said["Result"] == "no drill yet"
    assert said["Previous certificate"] == "none"


def test_every_figure_is_a_link_that_opens(browser, application):
    page = browser.get(page_of(application))

    links = [one.get("href") for one in main_of(page).iter("a")]
    inside = [text_of(one) for one in main_of(page).iter("dd")]
    linked = [text_of(one.find("a")) for one in main_of(page).iter("dd")]
    assert inside == linked
    answers = {one: browser.get(one).status_code for one in set(links)}
    assert {one: status for one, status in answers.items() if status != 200} == {}


def test_a_low_critical_criterion_is_the_first_thing_to_look_at(app, make, sign_in):
    school = make.school(progress=Progress.TRAINED)
    head, _ = make.trained(school)
    make.complete_dossier(school, head)
    with app.app_context(), unit_of_work():
        session.get(SelfScore, (school.id, "A3")).level = 1
        from cissapp.foundation.content.installed import content
        from cissapp.prepare.applications import services

        row = session.get(School, school.id)
        by = session.merge(head)
        submission = services.submit_for_school(
            row, content=content(), statement_signed=True, by=by, at=NOW
        )
        application = submission.application
        session.refresh(application)
        assert application.school
    browser = sign_in(make.reviewers(application, 1)[0])

    page = browser.get(page_of(application))

    first = next(one for one in main_of(page).iter("ol") if one.get("class") == "bullets").find(
        "li"
    )
    wanted = "The school gives itself less than level 2 on critical criteria: A3 Designated person and deputy"
    assert text_of(first) == wanted
    assert first.find("a").get("href").endswith("/criteria/A3")


def test_the_count_of_the_staff_is_on_the_page(app, make, browser, application):
    with app.app_context(), unit_of_work():
        document = session.query(Document).filter_by(school_id=application.school_id).one()
        by = session.merge(make.manager(session.get(School, application.school_id)))
        reading = acknowledgements.ask_staff(document, ReadingRequest(31), by=by, at=NOW)
        for _ in range(23):
            acknowledgements.acknowledge(reading, on=NOW.date())

    said = lines(browser.get(page_of(application)))

    assert said["Staff (a count, not proof)"] == "23 of 31 have read version 1"


def test_a_second_round_tells_what_changed(app, make, browser, application):
    from cissapp.prepare.applications.models import Submission

    with app.app_context(), unit_of_work():
        row = session.merge(application)
        first = session.query(Submission).filter_by(application_id=application.id).one()
        content = first.content.replace('"level":2', '"level":3', 1).replace(
            '"round":1', '"round":2'
        )
        from cissapp.prepare.applications.submission_content.writing import sha256_of

        session.add(
            Submission(
                application_id=row.id,
                round=2,
                rubric_version=first.rubric_version,
                content=content,
                sha256=sha256_of(content),
                submitted_at=NOW + timedelta(days=9),
                submitted_by_id=first.submitted_by_id,
            )
        )
        row.round = 2

    said = lines(browser.get(page_of(application)))

    assert said["Documents"] == "1"
    assert said["Levels"] == "higher: A1"
    assert said["Reporting mechanism"] == "as before"


def test_the_page_costs_the_same_number_of_queries_however_much_there_is(
    app, make, browser, application
):
    browser.get(page_of(application))  # the first reading of an hour is recorded
    with statements_sent(app) as few:
        browser.get(page_of(application))
    for _ in range(3):
        make.manager(make.found(School, application.school_id))
    with statements_sent(app) as many:
        browser.get(page_of(application))

    assert len(many) == len(few)


# --- who -------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["brief", "brief.pdf", "bag"])
def test_nothing_opens_before_a_declaration_and_never_to_who_is_tied(
    make, sign_in, application, what
):
    from cissapp.foundation.core.roles import Role

    group_id = application.school.group_id
    undeclared = make.user(Role.REVIEWER, group_id=group_id)
    tied = make.user(Role.REVIEWER, group_id=group_id)
    make.declared(application, tied, "paid_by_school")
    stranger = make.user(Role.REVIEWER)

    sent_on = sign_in(undeclared).get(page_of(application, what))

    assert sent_on.location == f"/reviews/{application.id}/declaration"
    assert sign_in(tied).get(page_of(application, what)).status_code == 404
    assert sign_in(stranger).get(page_of(application, what)).status_code == 404


@pytest.mark.parametrize("what", ["brief", "brief.pdf", "bag"])
def test_a_school_never_sees_what_the_group_reads(make, sign_in, application, what):
    head = make.manager(make.found(School, application.school_id))

    assert sign_in(head).get(page_of(application, what)).status_code == 403


# --- the page on paper -----------------------------------------------------------------------


def pdf_facts(content: bytes, folder: Path) -> dict[str, str]:
    path = folder / "brief.pdf"
    path.write_bytes(content)
    told = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout
    return {
        key.strip(): value.strip()
        for key, _, value in (line.partition(":") for line in told.splitlines())
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["Lyceum of Orhei", LONG, "学校 🏫 " * 40], ids=["short", "long", "odd"]
)
def test_the_pdf_is_one_a4_page_in_every_language(app, make, sign_in, tmp_path, language, name):
    school = make.school(progress=Progress.TRAINED, name=name.strip(), locality=name[:120].strip())
    application = make.handed_in(school)
    from cissapp.foundation.core.roles import Role

    reviewer = make.user(Role.REVIEWER, group_id=application.school.group_id, language=language)
    make.declared(application, reviewer)

    answer = sign_in(reviewer).get(page_of(application, "brief.pdf"))

    facts = pdf_facts(answer.data, tmp_path)
    assert (facts["Pages"], facts["Page size"]) == ("1", "595.276 x 841.89 pts (A4)")


def test_every_figure_of_the_pdf_links_to_its_page(browser, application):
    from pikepdf import Pdf

    answer = browser.get(page_of(application, "brief.pdf"))

    with Pdf.open(io.BytesIO(answer.data)) as pdf:
        links = [str(one.A.URI) for one in pdf.pages[0].Annots]
        language = str(pdf.Root.Lang)
    html = {one.get("href") for one in main_of(browser.get(page_of(application))).iter("a")}
    assert all(one.startswith("http://ciss.example/") for one in links)
    assert {urlsplit(one).path for one in links} <= {urlsplit(one).path for one in html}
    assert len(links) >= 15
    assert language == "en"


def test_what_does_not_fit_is_set_smaller_and_never_runs_out_of_the_page(tmp_path):
    from cissapp.review.briefs.views.page import Brief, BriefLine, BriefSection
    from cissapp.review.briefs.views.pdf import PrintedBrief, draw_brief

    lines_ = [
        BriefLine("A label that is rather long " * 4, "A value that is longer " * 14, "/x")
    ] * 8
    brief = Brief(
        LONG, LONG, lines_[:3], [BriefSection(f"Section {one}", lines_) for one in range(7)]
    )

    content = draw_brief(
        PrintedBrief(brief, "Heading", "First", "Nothing", "Foot", "http://x", "en")
    )

    facts = pdf_facts(content, tmp_path)
    assert facts["Pages"] == "1"
    text = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "brief.pdf", "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    import re

    bottoms = [float(one) for one in re.findall(r'yMax="([\d.]+)"', text)]
    rights = [float(one) for one in re.findall(r'xMax="([\d.]+)"', text)]
    assert max(bottoms) <= 842
    assert max(rights) <= 596


# --- bags ------------------------------------------------------------------------------------


def unpacked(answer, folder: Path) -> Path:
    """Unpack an archive; give the folder of the bag, which must be a valid one."""
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert not [one for one in names if one.startswith("/") or ".." in Path(one).parts]
        archive.extractall(folder)
    (root,) = list(folder.iterdir())
    assert bagit.Bag(str(root)).validate()
    return root


def inside(root: Path) -> list[str]:
    data = root / "data"
    return sorted(one.relative_to(data).as_posix() for one in data.rglob("*") if one.is_file())


@pytest.fixture
def head(make, application):
    return make.manager(make.found(School, application.school_id))


def test_a_school_takes_everything_with_it_in_a_valid_bag(
    app, make, sign_in, application, head, tmp_path
):
    answer = sign_in(head).get("/school/export")

    root = unpacked(answer, tmp_path)
    found = inside(root)
    policy = next(one for one in found if one.endswith(".pdf"))
    with app.app_context():
        version = session.query(DocumentVersion).filter_by(school_id=head.school_id).one()
        assert (root / "data" / policy).read_bytes() == files().get(version.file_key)
        from cissapp.prepare.applications.models import Submission

        kept = session.query(Submission).one().content
    assert [one for one in found if one != policy] == [
        "README.txt",
        "acknowledgements.json",
        "applications/01-round-01/submission.json",
        "documents.json",
        "reporting-mechanism.json",
        "school.json",
        "self-assessment.json",
    ]
    assert (root / "data/applications/01-round-01/submission.json").read_text() == kept
    assert answer.mimetype == "application/zip"


def test_nothing_of_another_school_is_in_a_bag(app, make, sign_in, application, head, tmp_path):
    other = make.school(progress=Progress.TRAINED, name="CANARY-OTHER lyceum")
    handed_in(app, make, other, "CANARY-OTHER policy")

    own = unpacked(sign_in(head).get("/school/export"), tmp_path / "own")
    reviewer = make.reviewers(application, 1)[0]
    theirs = unpacked(sign_in(reviewer).get(page_of(application, "bag")), tmp_path / "theirs")

    for root in (own, theirs):
        whole = b"".join(one.read_bytes() for one in root.rglob("*") if one.is_file())
        assert b"CANARY-OTHER" not in whole
        assert b"Lyceum of Orhei" in whole
        assert str(other.id).encode() not in whole


def later_document(app, make, head):
    """A document that came after the dossier was handed in."""
    document = make.kept(
        Document(
            school_id=head.school_id,
            title="Later",
            evidence_code="PLAN",
            created_at=NOW,
            created_by_id=head.id,
        )
    )
    make.kept(
        DocumentVersion(
            document_id=document.id,
            school_id=head.school_id,
            number=1,
            state=VersionState.DRAFT,
            file_key=f"documents/later/{document.id}",
            file_name="later.pdf",
            media_type=MediaType.PDF,
            size=1,
            sha256="0" * 64,
            text="",
            uploaded_at=NOW,
            uploaded_by_id=head.id,
        )
    )


def test_a_reviewer_gets_the_copies_and_only_what_was_handed_in(
    app, make, browser, application, head, tmp_path
):
    later_document(app, make, head)

    root = unpacked(browser.get(page_of(application, "bag")), tmp_path)

    found = inside(root)
    policy = next(one for one in found if one.endswith(".pdf"))
    assert [one for one in found if one != policy] == [
        "README.txt",
        "reporting-mechanism.json",
        "self-assessment.json",
        "submission.json",
    ]
    with app.app_context():
        versions = session.query(DocumentVersion).filter_by(school_id=head.school_id)
        version = versions.filter(DocumentVersion.copy_file_key.is_not(None)).one()
        assert (root / "data" / policy).read_bytes() == files().get(version.copy_file_key)


def test_a_decision_and_its_letter_are_in_the_bag_and_no_reviewer(
    app, make, sign_in, application, head, tmp_path
):
    first, second = make.reviewers(application)
    review = make.recommended(make.scored(make.begun(application, first)))
    make.ruled(review, second)

    root = unpacked(sign_in(head).get("/school/export"), tmp_path)

    found = inside(root)
    assert "applications/01-round-01/decision.json" in found
    assert "applications/01-round-01/letter.json" in found
    assert [one for one in found if one.startswith("certificates/")]
    whole = b"".join(one.read_bytes() for one in root.rglob("*.json"))
    for person in (first, second):
        assert person.name.encode() not in whole
        assert str(person.id).encode() not in whole


def test_a_damaged_file_is_named_and_the_bag_stays_whole(app, sign_in, application, head, tmp_path):
    with app.app_context():
        version = session.query(DocumentVersion).filter_by(school_id=head.school_id).one()
        files().delete(version.file_key)

    root = unpacked(sign_in(head).get("/school/export"), tmp_path)

    assert "not-included.txt" in inside(root)
    assert (root / "data/not-included.txt").read_text().startswith("documents/")


def test_names_of_any_kind_stay_inside_the_bag(app, make, sign_in, application, head, tmp_path):
    with app.app_context(), unit_of_work():
        document = session.query(Document).filter_by(school_id=head.school_id).one()
        document.title = "../../../etc/ Політика\u0301 %0a con"
        document.versions[0].file_name = "..\\..\\a\u202egpj.pdf"

    root = unpacked(sign_in(head).get("/school/export"), tmp_path)

    assert len([one for one in inside(root) if one.endswith(".pdf")]) == 1


def test_a_large_bag_holds_one_file_at_a_time():
    import tracemalloc

    size, count = 4_000_000, 30
    entries = [
        bags.BagFile(f"documents/{one:02}.pdf", lambda one=one: bytes([one]) * size)
        for one in range(count)
    ]
    packed = bags.BagContents("large", entries, {}, NOW)

    tracemalloc.start()
    total = sum(len(piece) for piece in bags.stream_bag(packed))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert total > size * count
    assert peak < 5 * size


def test_an_empty_school_has_a_valid_bag_too(make, sign_in, tmp_path):
    head = make.manager(make.school())

    root = unpacked(sign_in(head).get("/school/export"), tmp_path)

    assert "school.json" in inside(root)
