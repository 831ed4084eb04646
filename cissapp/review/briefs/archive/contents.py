"""What goes into a bag: all data of a school, or an application as it was submitted."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import gettext as _
from msgspec.structs import asdict

from cissapp.foundation.core.db import canonical
from cissapp.foundation.core.storage import FileStore
from cissapp.people.schools.models import School
from cissapp.prepare.acknowledgements import queries as acknowledgements
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.submission_content.evidence import SchoolEvidence, gather_evidence
from cissapp.prepare.applications.submission_content.values import SubmittedSchool
from cissapp.prepare.applications.submission_content.writing import facts_of, write_mechanism
from cissapp.prepare.documents.files.stored_files import read_copy, read_original
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.drills import queries as drills
from cissapp.review.briefs.archive.bags import BagContents, BagFile, text_file
from cissapp.review.briefs.queries import stored_data
from cissapp.review.briefs.queries.stored_data import ArchivedDecision, ArchivedFile
from cissapp.review.briefs.rules.names import safe_name
from cissapp.review.reviews import queries as reviews


def of_school(school: School, *, store: FileStore, at: datetime) -> BagContents:
    """Gather everything that is stored about a school: its own data, and the decisions on it."""
    dossier = gather_evidence(school.id)
    versions = stored_data.versions_of(school.id)
    drill = drills.newest_result(school.id)
    entries = [
        text_file("README.txt", _about_all()),
        _json("school.json", facts_of(SubmittedSchool, school)),
        _json("reporting-mechanism.json", write_mechanism(dossier, drill)),
        _json("self-assessment.json", _scores(dossier)),
        _json(
            "acknowledgements.json",
            [asdict(one) for one in acknowledgements.count_by_document(school.id)],
        ),
        _json("documents.json", [_described(version, title) for title, version in versions]),
        *(_file(title, one, partial(read_original, one, store)) for title, one in versions),
        *_submissions(school),
        *_decisions(stored_data.archived_decisions(school.id), store),
        *(_archived(one, store) for one in stored_data.certificate_files(school.id)),
    ]
    return BagContents(_name(school, at), entries, _info(school, _("All of a school’s data")), at)


def of_submission(application: Application, *, store: FileStore, at: datetime) -> BagContents:
    """Gather the submission of the current round, with the document copies that reviewers are served."""
    school, submission = application.school, reviews.submission_of(application)
    raw = json.loads(submission.content)
    entries = [
        text_file("README.txt", _about_submission()),
        text_file("submission.json", submission.content),
        _json("reporting-mechanism.json", raw["mechanism"]),
        _json("self-assessment.json", raw["scores"]),
        *(
            _file(title, one, partial(read_copy, one, store))
            for title, one in stored_data.submitted_versions(submission.id)
        ),
    ]
    info = _info(school, _("An application as it was submitted"))
    info["Internal-Sender-Identifier"] = f"{application.id}, round {application.round}"
    info["Internal-Sender-Description"] = f"SHA-256 of submission.json: {submission.sha256}"
    return BagContents(f"{_name(school, at)}-round-{application.round}", entries, info, at)


# --- files -----------------------------------------------------------------------------------


def _file(title: str, version: DocumentVersion, read: Any) -> BagFile:
    return BagFile(_path(title, version), read)


def _path(title: str, version: DocumentVersion) -> str:
    """Return a document's path, made of its title and part of its id so that equal titles do not clash."""
    folder = f"{safe_name(title).replace('.', '_')}-{version.document_id.hex[:8]}"
    return f"documents/{folder}/v{version.number:02}-{safe_name(version.file_name)}"


def _described(version: DocumentVersion, title: str) -> dict[str, Any]:
    return {
        "path": f"data/{_path(title, version)}",
        "title": title,
        "file_name": version.file_name,
        "document_id": version.document_id,
        "version": version.number,
        "state": version.state.value,
        "sha256": version.sha256,
        "size": version.size,
        "uploaded_at": version.uploaded_at,
    }


def _json(path: str, value: Any) -> BagFile:
    return text_file(path, canonical(value))


def _archived(one: ArchivedFile, store: FileStore) -> BagFile:
    return BagFile(one.path, partial(stored_data.read_file, one, store))


def _submissions(school: School) -> list[BagFile]:
    return [
        text_file(f"applications/{one.cycle:02}-round-{one.round:02}/submission.json", one.content)
        for one in stored_data.submitted_applications(school.id)
    ]


def _decisions(decisions: Iterable[ArchivedDecision], store: FileStore) -> list[BagFile]:
    entries = []
    for one in decisions:
        folder = f"applications/{one.cycle:02}-round-{one.round:02}"
        entries.append(_json(f"{folder}/decision.json", one.facts))
        if one.letter is not None:
            entries.append(text_file(f"{folder}/letter.json", one.letter))
        entries += [
            _archived(ArchivedFile(f"{folder}/{kept.path}", kept.key, kept.sha256), store)
            for kept in one.files
        ]
    return entries


def _scores(dossier: SchoolEvidence) -> dict[str, Any]:
    return {
        key: {
            "level": one.level,
            "not_applicable": one.not_applicable,
            "text": one.text,
            "pages": one.pages,
            "evidence": sorted(str(document_id) for document_id in one.document_ids),
        }
        for key, one in dossier.scores.items()
    }


# --- words -----------------------------------------------------------------------------------


def _name(school: School, at: datetime) -> str:
    return f"ciss-{safe_name(school.country_code)}-{safe_name(school.code)}-{at:%Y-%m-%d}"


def _info(school: School, about: str) -> dict[str, str]:
    return {
        "Source-Organization": f"{school.name}, {school.locality}",
        "External-Identifier": f"{school.country_code} {school.code}",
        "External-Description": about,
    }


def _lines(sentences: Sequence[str]) -> str:
    return "".join(f"{one}\n" for one in sentences)


def _about_all() -> str:
    return _lines(
        [
            _("This archive holds everything that the school has in CISS."),
            _(
                "documents: every version as it was uploaded. documents.json says what each file is."
            ),
            _(
                "applications: each application as it was submitted, with the decision, the letter and its files."
            ),
            _(
                "acknowledgements.json: how many staff say they have read the policy, without names."
            ),
            _("It does not contain anything about other schools or the name of any reviewer."),
            _(
                "Any BagIt tool can check that it is complete. The hashes are in manifest-sha256.txt."
            ),
        ]
    )


def _about_submission() -> str:
    return _lines(
        [
            _("This archive holds an application as it was submitted."),
            _(
                "submission.json is the text that was kept at that time. Its hash is in bag-info.txt."
            ),
            _("documents: the copies with the names and places removed, as the group sees them."),
            _(
                "It does not name any child, any case or anyone at the school. Store it as securely as the application."
            ),
            _(
                "Any BagIt tool can check that it is complete. The hashes are in manifest-sha256.txt."
            ),
        ]
    )
