"""Offline use: the service worker that serves kept pages, and the list of modules that can be kept."""

import hashlib
import json
from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from typing import cast

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from cissapp.foundation.access.guard import can, permit, public
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Module
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.context import mark_on_page
from cissapp.learn.learning import queries
from cissapp.learn.learning.queries import ShownAttempt
from cissapp.learn.learning.rules import ModuleProgress, text_language
from cissapp.learn.learning.views.blueprint import bp, open_attempt_of
from cissapp.learn.learning.views.lessons import lesson_page, module_page
from cissapp.learn.learning.views.sheets import sheet_page
from cissapp.people.accounts.sessions import signed_in_person

# The worker's address is above /learn, so it cannot belong to the blueprint of the room.
worker = Blueprint("worker", __name__)

SCRIPT = "js/service-worker.js"
FILES = (
    "css/ciss.css",
    "js/ciss.js",
    "js/learning.js",
    "js/offline.js",
    "img/favicon.svg",
    "img/ring.svg",
)


class OfflineModule(Struct, frozen=True):
    """A module that can be kept offline: its addresses, and the uncompressed size of its pages in bytes."""

    module: Module
    title: str
    language: str
    version: str
    urls: list[str]
    size: int
    has_open_quiz: bool


@bp.after_request
def _say_whose(response: Response) -> Response:
    """Mark a response with its person, so that a browser never shows it to someone else."""
    mark = mark_on_page()
    if mark:
        response.headers["CISS-Person"] = mark
    return response


@worker.get("/service-worker.js")
@public
def script() -> ResponseReturnValue:
    """Send the service worker; a new version of it or of a file changes its text, so browsers replace the old one."""
    text = (Path(current_app.static_folder or "") / SCRIPT).read_text(encoding="utf-8")
    files = json.dumps(_files())
    head = f"const BUILD = {json.dumps(_build(text, files))};\nconst FILES = {files};\n"
    answer = Response(head + text, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/learn"
    return answer


def _files() -> list[str]:
    static_url = cast("Callable[[str], str]", current_app.jinja_env.globals["static_url"])
    return [static_url(name) for name in FILES]


def _build(*parts: str) -> str:
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:12]


@bp.get("/offline")
@permit(Permission.MODULE_READ)
def offline() -> ResponseReturnValue:
    """List the modules with the size of their pages; a script stores them and shows what is stored."""
    folder = Path(current_app.static_folder or "")
    modules, found = content().modules, None
    if can(Permission.PROGRESS_SAVE):
        found = queries.overview(signed_in_person().id, modules, clock.now()).parts
    items = list(map(_keepable, modules, found or repeat(None)))
    return render_template(
        "learning/offline.html",
        items=items,
        total=sum(item.size for item in items),
        files=sum((folder / name).stat().st_size for name in FILES),
    )


def _keepable(module: Module, progress: ModuleProgress | None) -> OfflineModule:
    language = languages.of_content()
    attempt = open_attempt_of(module) if progress and progress.open_attempt else None
    return OfflineModule(
        module=module,
        title=module.text(language).title,
        language=text_language(module.texts, language),
        version=f"{module.file.version} {languages.current()} {language} {_build(*_files())}",
        urls=_addresses(module),
        size=_lessons_bytes(module, progress, language) + _sheet_bytes(module, attempt),
        has_open_quiz=attempt is not None,
    )


def _addresses(module: Module) -> list[str]:
    return [
        url_for("learning.module", module_id=module.id),
        *(
            url_for("learning.lesson", module_id=module.id, lesson_id=lesson.id)
            for lesson in module.lessons
        ),
    ]


def _lessons_bytes(module: Module, progress: ModuleProgress | None, language: str) -> int:
    """Render the pages once per language and count their bytes; a page differs little between people."""
    known: dict[tuple[str, ...], int] = current_app.extensions.setdefault("ciss-page-bytes", {})
    key = (module.id, languages.current(), language)
    if key not in known:
        pages = [module_page(module, progress)]
        pages += [
            lesson_page(lesson, progress.read if progress else None) for lesson in module.lessons
        ]
        known[key] = sum(len(page.encode()) for page in pages)
    return known[key]


def _sheet_bytes(module: Module, attempt: ShownAttempt | None) -> int:
    return len(sheet_page(module, attempt).encode()) if attempt else 0
