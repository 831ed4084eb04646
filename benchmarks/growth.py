"""Measures what each page costs as the country grows: CPU milliseconds (process and database) and statements.

    CISS_DATABASE_URL=... ciss load --schools 1000      # and so on, each size a database of its own
    .venv/bin/python -m benchmarks.growth 1k=sqlite:////data/1k/ciss.db@/data/1k 10k=postgresql://...@/data/10k

Each argument is a label, the address of a database that `ciss load` filled, and the folder with its `files` and
`keys`; the first is the baseline. Pages are requested in one process, the sizes in turn, so that other load on the
machine affects all of them alike. `--only WORD`, which can be repeated, limits the run to pages whose name contains
one of the words. `--routes` asks for every GET route instead, once for each kind of person that may open it, and shows
those that grow. A page that takes longer than the limit is measured in a few rounds only. Of a file that is sent while
it is made, the first megabyte is read: the whole grows with its rows.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient
from sqlalchemy import event, select

from benchmarks.growth_routes import routes
from cissapp import create_app
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.web.limits import limiter
from cissapp.oversee.api.rules.tokens import scopes_open_to
from cissapp.oversee.api.services.tokens import make_token
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.accounts.sessions import TOKEN
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.models import Assignment
from config import Config

COUNTRY = "UA"
ROUNDS, LONG_ROUNDS = 7, 3
# Of the pages of a walk through all routes, those that seem to grow by this much are measured as often as others.
WALK_ROUNDS, SUSPECT = 2, 1.4
# The bytes that are read of a long file.
MOST_READ = 1_000_000
# Of a list, so many are left on its last page.
LAST_ROWS = 20
# A word with which many names begin that come late in the alphabet: a list by name is nearly at its end before one.
LATE_WORD = quote("школа")
# A page that takes more milliseconds than this is requested less often.
LONG = 400
GOAL = 2.0


@dataclass
class Size:
    """A loaded installation and its measurements."""

    label: str
    app: Any
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    statements: int = 0
    backends: set[int] = field(default_factory=set)

    def cpu(self) -> float:
        """Return the CPU seconds of this process and of its connections to PostgreSQL."""
        ns = 0
        for pid in self.backends:
            try:
                ns += int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0])
            except FileNotFoundError:
                continue
        return time.process_time() + ns / 1e9


def open_size(argument: str) -> Size:
    """Build the application of an installation, and count its database statements."""
    label, _, rest = argument.partition("=")
    url, _, folder = rest.rpartition("@/")
    config = Config(
        secret_key="0" * 64,
        base_url="http://127.0.0.1:8000",
        database_url=url.replace("postgresql://", "postgresql+psycopg://"),
        files_url=f"file:///{folder}/files",
        keys_dir=Path(f"/{folder}/keys"),
        mail_url=f"file:///{folder}/mail",
        demo=True,
    )
    size = Size(label, create_app(config))

    def count(*_: Any) -> None:
        size.statements += 1

    def connected(connection: Any, *_: Any) -> None:
        if hasattr(connection, "info"):
            size.backends.add(connection.info.backend_pid)

    limiter.enabled = False
    with size.app.app_context():
        event.listen(db.engine, "before_cursor_execute", count)
        event.listen(db.engine, "connect", connected)
    return size


def client_of(size: Size, address: str | None) -> FlaskClient:
    """Return a client signed in as the person with this address, or a visitor's if there is none."""
    key = address or ""
    if key not in size.clients:
        browser = size.clients[key] = size.app.test_client()
        if address:
            with size.app.app_context(), unit_of_work():
                user = session.scalars(select(User).where(User.email == address)).one()
                token = accounts.sign_in_joined(user, at=clock.now())
            with browser.session_transaction() as cookie:
                cookie[TOKEN] = token
    return size.clients[key]


def head_at(progress: Progress) -> str:
    """Return the address of the head of a school of the country."""
    query = select(User.email).join(School, School.id == User.school_id)
    query = query.where(School.progress == progress, School.country_code == COUNTRY)
    found = session.scalar(query.where(User.email.like("head0.%")).limit(1))
    assert found, progress
    return found


def pages(size: Size) -> Iterator[tuple[str, str | None, str]]:
    """Yield the name of each page, who requests it, and its address."""
    low = COUNTRY.lower()
    with size.app.app_context():
        country = select(School).where(School.country_code == COUNTRY, School.code.like("LOAD-%"))
        school = session.scalars(country.limit(1)).one()
        region = school.region_code
        code = session.scalars(
            select(Certificate.code)
            .join(School, School.id == Certificate.school_id)
            .where(School.country_code == COUNTRY, School.code.like("LOAD-%"))
            .limit(1)
        ).one()
        case, reviewer = session.execute(
            select(Application.id, User.email)
            .join(Assignment, Assignment.application_id == Application.id)
            .join(User, User.id == Assignment.person_id)
            .join(School, School.id == Application.school_id)
            .where(School.country_code == COUNTRY, School.progress == Progress.IN_REVIEW)
            .where(Assignment.done_at.is_(None), School.code.like("LOAD-%"))
            .limit(1)
        ).one()
        learner, ready = head_at(Progress.IN_TRAINING), head_at(Progress.TRAINED)
        certified = head_at(Progress.DECIDED)
        by_name = select(School.id).where(School.group_id == school.group_id)
        late = session.scalars(
            by_name.order_by(School.name_key.desc(), School.id.desc()).offset(LAST_ROWS).limit(1)
        ).one()
        word = quote(school.name.split()[-1].strip("»«"))
        place = quote(school.locality)
    ministry, coordinator = f"ministry.{low}@load.example", f"coordinator1.{low}@load.example"
    officer, secretariat = region_officer(size, region), "secretariat@load.example"
    yield from [
        ("visitor: first page", None, "/"),
        ("public register", None, "/register"),
        ("public register, search", None, f"/register?search={place}"),
        ("public register, region", None, f"/register?country={COUNTRY}&region={region}"),
        ("verification by code", None, f"/verify/{in_groups(code)}"),
        ("public log", None, "/log"),
        ("proof of a certificate", None, f"/log/proof/certificate/{code}"),
        ("ministry: country", ministry, f"/oversight/{COUNTRY}"),
        ("ministry: region", ministry, f"/oversight/{COUNTRY}/{region}"),
        ("ministry: figures.csv", ministry, f"/oversight/{COUNTRY}/figures.csv"),
        ("region officer: region", officer, f"/oversight/{COUNTRY}/{region}"),
        ("secretariat: oversight", secretariat, "/oversight"),
        ("reviewer: queue", reviewer, "/reviews"),
        ("reviewer: case", reviewer, f"/reviews/{case}"),
        ("reviewer: decided", reviewer, "/reviews/decided"),
        ("coordinator: proposal", coordinator, "/reviews/proposal"),
        ("coordinator: queue", coordinator, "/reviews"),
        ("coordinator: team", coordinator, "/reviews/people"),
        ("coordinator: drills", coordinator, "/reviews/drills"),
        ("coordinator: schools", coordinator, "/schools"),
        ("coordinator: schools, search", coordinator, f"/schools?search={word}"),
        ("coordinator: schools, place", coordinator, f"/schools?search={place}"),
        ("coordinator: schools, last page", coordinator, f"/schools?after={late}"),
        ("coordinator: schools, late word", coordinator, f"/schools?search={LATE_WORD}"),
        ("secretariat: schools, late word", secretariat, f"/schools?search={LATE_WORD}"),
        ("public register, late word", None, f"/register?words={LATE_WORD}"),
        ("coordinator: a school", coordinator, f"/schools/{school.id}"),
        ("coordinator: followup", coordinator, "/group/schools"),
        ("coordinator: followup, search", coordinator, f"/group/schools?search={place}"),
        ("coordinator: statistics", coordinator, "/group/statistics"),
        ("coordinator: messages", coordinator, "/group/messages"),
        ("coordinator: message, new", coordinator, "/group/messages/new"),
        ("coordinator: toolkit", coordinator, "/group/toolkit"),
        ("coordinator: upkeep", coordinator, "/upkeep"),
        ("coordinator: calibration", coordinator, "/calibration"),
        ("coordinator: complaints", coordinator, "/complaints"),
        ("coordinator: mails", coordinator, "/mails"),
        ("coordinator: trail", coordinator, "/audit"),
        ("coordinator: trail, rare theme", coordinator, "/audit?theme=programme"),
        ("coordinator: followup, by date", coordinator, "/group/schools?order=due"),
        ("coordinator: followup, by step", coordinator, "/group/schools?order=step"),
        ("coordinator: followup, by name", coordinator, "/group/schools?order=name"),
        (
            "coordinator: followup, last page",
            coordinator,
            f"/group/schools?order=name&after={late}",
        ),
        ("coordinator: followup, due later", coordinator, f"/group/schools?order=due&after={late}"),
        ("coordinator: certificates", coordinator, "/certificates/bulk"),
        ("learner: learn", learner, "/learn"),
        ("learner: lesson", learner, "/learn/safety-policy/what-a-policy-contains"),
        ("school in training", learner, "/school"),
        ("school trained", ready, "/school"),
        ("school: application", ready, "/school/application"),
        ("school: self-assessment", ready, "/school/self-assessment"),
        ("school: people", ready, "/school/people"),
        ("school certified", certified, "/school"),
        ("school: certificate", certified, "/school/certificate"),
        ("notifications", certified, "/notifications"),
        ("admin", secretariat, "/admin"),
        ("admin: people", secretariat, "/admin/people"),
        ("secretariat: trail", secretariat, "/audit"),
        ("admin: evaluation", secretariat, "/admin/evaluation"),
        ("admin: module", secretariat, "/admin/evaluation/safety-policy"),
        ("admin: schools", secretariat, "/schools"),
    ]


def region_officer(size: Size, region: str) -> str:
    """Return the email address of the officer responsible for the top-level region of a region."""
    from cissapp.foundation.content.installed import content  # noqa: PLC0415 -- needs an application

    with size.app.app_context():
        return f"region.{content().countries[COUNTRY].path(region)[0].lower()}@load.example"


def token_of(size: Size, address: str) -> str:
    """Return a token with every scope of the person with this address."""
    if address not in size.tokens:
        with size.app.app_context(), unit_of_work():
            user = session.scalars(select(User).where(User.email == address)).one()
            until, scopes = clock.today() + timedelta(days=30), scopes_open_to(user)
            size.tokens[address] = make_token("growth", scopes, until, by=user, at=clock.now())
    return size.tokens[address]


def ask(size: Size, address: str | None, page: str) -> tuple[float, int, int]:
    """Request a page once; return CPU milliseconds, statements and the status."""
    browser, headers = client_of(size, None if "/api/" in page else address), {}
    if "/api/" in page and address:
        headers["Authorization"] = f"Bearer {token_of(size, address)}"
    cpu, statements = size.cpu(), size.statements
    response = browser.get(page, follow_redirects=False, headers=headers, buffered=False)
    read = 0
    for part in response.iter_encoded():
        read += len(part)
        if read > MOST_READ:
            break
    response.close()
    return (size.cpu() - cpu) * 1000, size.statements - statements, response.status_code


Page = tuple[str, str | None, str]
Figures = list[tuple[float, int, int]]


def measure(sizes: list[Size], row: Sequence[Page], rounds: int = ROUNDS) -> Figures:
    """Request one page in all sizes in turn; return the median of each."""
    found: list[Figures] = [[] for _ in sizes]
    for size, (_, address, page) in zip(sizes, row, strict=True):
        ask(size, address, page)
    for turn in range(rounds):
        for figures, size, (_, address, page) in zip(found, sizes, row, strict=True):
            if turn < LONG_ROUNDS or figures[0][0] < LONG:
                figures.append(ask(size, address, page))
    return [
        (statistics.median(one[0] for one in figures), figures[-1][1], figures[-1][2])
        for figures in found
    ]


def show(name: str, found: Figures) -> None:
    """Print the line of a page."""
    base = found[0][0]
    cells = "".join(
        f"{cpu:10.1f}{statements:5d} {cpu / base:5.2f}" + (" " if status in {200, 302} else "!")
        for cpu, statements, status in found
    )
    print(f"{name:34}{cells}{'  grows' if found[-1][0] / base > GOAL else ''}", flush=True)


def walk(sizes: list[Size], rows: Iterator[Sequence[Page]]) -> None:
    """Ask for every route; print the lines of those that seem to grow, and count the others."""
    asked, empty = 0, []
    for row in rows:
        found = measure(sizes, row, WALK_ROUNDS)
        if any(status not in {200, 302, 303} for _, _, status in found):
            empty.append(f"{row[0][0]} ({', '.join(str(status) for _, _, status in found)})")
            continue
        asked += 1
        if found[-1][0] > SUSPECT * found[0][0]:
            show(row[0][0], measure(sizes, row))
    print(f"{asked} pages asked; without an example:", *empty, sep="\n  ")


def main() -> None:
    """Measure every page in every size and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", nargs="+")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--routes", action="store_true")
    chosen = parser.parse_args()
    sizes = [open_size(argument) for argument in chosen.sizes]
    lists = [list(routes(one.app, COUNTRY) if chosen.routes else pages(one)) for one in sizes]
    rows = (
        row
        for row in zip(*lists, strict=True)
        if not chosen.only or any(word in row[0][0] for word in chosen.only)
    )
    columns = "".join(f"{one.label:>22}" for one in sizes)
    print(f"{'page':34}{columns}   (CPU ms, statements, ratio to {sizes[0].label})")
    if chosen.routes:
        walk(sizes, rows)
        return
    for row in rows:
        show(row[0][0], measure(sizes, row))


if __name__ == "__main__":
    main()
