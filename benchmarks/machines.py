"""Loads two processes behind nginx, a streaming replica, Redis and an object store, then stops each once.

    make try-machines FOLDER=/some/new/folder       # or python -m benchmarks.machines with --schools, --port, --seconds

Needs PostgreSQL (`initdb`, `pg_basebackup`), `redis-server` and `nginx` on this machine, and the packages `redis` and
`moto[server]`, whose server acts as the object store. Takes eight ports from PORT on, and about five minutes. Heads
write actions into their plans and send documents, a ministry views figures, visitors view the public list and
certificates. Prints the responses while everything ran, and while a process, the replica, Redis and the store were
unavailable; at the end it checks that every acknowledged write is there exactly once.
"""

import argparse
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import Message
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from sqlalchemy import create_engine, text

from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.core import clock
from cissapp.foundation.core.storage import store_at
from cissapp.operate.demo.schools.cast import PASSWORDS
from config import ROOT
from tests.factories import pdf_of

HEADS, VISITORS, MINISTRIES = 4, 4, 2


@dataclass
class Stack:
    """The servers of a trial, and how to stop and start each of them."""

    folder: Path
    port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    commands: dict[str, tuple[list[str], dict[str, str], str | None]] = field(default_factory=dict)

    def at(self, place: int) -> int:
        """Return the port at this offset."""
        return self.port + place

    def database(self, place: int) -> str:
        """Return the address of a PostgreSQL server."""
        return f"postgresql://ciss@127.0.0.1:{self.at(place)}/ciss"

    @property
    def settings(self) -> dict[str, str]:
        """The settings of both processes; on separate machines they would be the same."""
        return {
            "CISS_SECRET_KEY": "for a trial only, and long enough to pass",
            "CISS_BASE_URL": f"http://127.0.0.1:{self.at(6)}",
            "CISS_DATABASE_URL": self.database(0),
            "CISS_REPLICA_URL": self.database(1),
            "CISS_LIMITS_URL": f"redis://127.0.0.1:{self.at(2)}/0",
            "CISS_FILES_URL": "s3://ciss/files",
            "CISS_S3_ENDPOINT": f"http://127.0.0.1:{self.at(3)}",
            "CISS_S3_REGION": "us-east-1",
            "CISS_S3_KEY": "key",
            "CISS_S3_SECRET": "secret",
            "CISS_KEYS_DIR": str(self.folder / "keys"),
            "CISS_CACHE_DIR": str(self.folder / "cache"),
            "CISS_MAIL_URL": f"file://{self.folder}/mail",
            "CISS_PROXY_HOPS": "1",
            "CISS_SECOND_FACTOR": "0",
        }

    def start(self, name: str) -> None:
        """Start a server as it was declared."""
        command, more, user = self.commands[name]
        log = (self.folder / f"{name}.log").open("ab")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
        self.running[name] = subprocess.Popen(
            command, env=environment, user=user, stdout=log, stderr=log, cwd=self.folder
        )

    def stop(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """Kill a server, as when a machine fails, without a clean shutdown."""
        self.running[name].send_signal(how)
        self.running[name].wait()


def postgres_user() -> str | None:
    """Return the user who runs PostgreSQL, which refuses to be run by root."""
    return "postgres" if os.geteuid() == 0 else None


def programs() -> Path:
    """Return the folder with the PostgreSQL programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        sys.exit("PostgreSQL is not installed: initdb is not on PATH")
    return found[-1].parent if found else Path(str(on_path)).parent


def answers(address: str) -> None:
    """Request a page; raise where nobody answers, or with a fault."""
    urlopen(address).close()


def waited_for(ask: Callable[[], object], seconds: float = 60) -> None:
    """Retry until there is no error."""
    until = time.monotonic() + seconds
    while True:
        try:
            ask()
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def asked(url: str, statement: str, **values: object) -> list[tuple[object, ...]]:
    """Return the rows of a statement."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(statement), values)]
    engine.dispose()
    return rows


def databases(stack: Stack) -> None:
    """Create a primary, and a replica that streams from it."""
    folder, user, bin_ = stack.folder / "pg", postgres_user(), programs()
    folder.mkdir()
    if user:
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        subprocess.run(command, user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    run(str(bin_ / "initdb"), "-D", f"{folder}/one", "-U", "ciss", "--auth=trust", "-E", "UTF8")
    for place, name in enumerate(("one", "two")):
        options = (
            f"-p {stack.at(place)} -k {folder} -c max_connections=60 -c hot_standby_feedback=on"
        )
        command = [str(bin_ / "postgres"), "-D", f"{folder}/{name}", *options.split()]
        stack.commands[("primary", "replica")[place]] = (command, {}, user)
    stack.start("primary")
    server = stack.database(0).removesuffix("ciss") + "postgres"
    waited_for(lambda: asked(server, "SELECT 1"))
    run(str(bin_ / "createdb"), "-h", "127.0.0.1", "-p", str(stack.at(0)), "-U", "ciss", "ciss")
    source = f"host=127.0.0.1 port={stack.at(0)} user=ciss"
    run(
        str(bin_ / "pg_basebackup"),
        "-D",
        f"{folder}/two",
        "-d",
        source,
        "-R",
        "-X",
        "stream",
        "-c",
        "fast",
    )
    stack.start("replica")
    waited_for(lambda: asked(stack.database(1), "SELECT 1"))


def others(stack: Stack) -> None:
    """Start Redis and the store, and fill the installation."""
    redis = ["redis-server", "--port", str(stack.at(2)), "--save", "", "--bind", "127.0.0.1"]
    store = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(stack.at(3))]
    stack.commands |= {"redis": (redis, {}, None), "store": (store, {}, None)}
    for name in ("redis", "store"):
        stack.start(name)
    bucket = Request(f"http://127.0.0.1:{stack.at(3)}/ciss", method="PUT")
    waited_for(lambda: urlopen(bucket).close())


def ciss(stack: Stack, *arguments: str) -> str:
    """Run a command of the application."""
    environment = {**os.environ, **stack.settings, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "cissapp.cli", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def web(stack: Stack) -> None:
    """Start both processes, and nginx with the shipped configuration."""
    for place, name in ((4, "first"), (5, "second")):
        bind = ["serve", "--bind", f"127.0.0.1:{stack.at(place)}"]
        command = [sys.executable, "-m", "cissapp.cli", *bind]
        stack.commands[name] = (command, stack.settings, None)
        stack.start(name)
        waited_for(partial(answers, f"http://127.0.0.1:{stack.at(place)}/readyz"))
    shipped = (ROOT / "deploy" / "nginx-balancer.conf").read_text()
    ours = shipped.replace("8001", str(stack.at(4))).replace("8002", str(stack.at(5)))
    ours = ours.replace("443 ssl", f"127.0.0.1:{stack.at(6)}")
    ours = re.sub(r"\n +(?:ssl_certificate|error_log).*", "", ours)
    temporary = "".join(
        f"{kind}_temp_path {stack.folder}/nginx-{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"daemon off; pid {stack.folder}/nginx.pid; error_log {stack.folder}/nginx.log;\n"
    whole += f"user {'root' if os.geteuid() == 0 else 'nobody'};\n" * (os.geteuid() == 0)
    whole += f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{ours}}}\n"
    (stack.folder / "nginx.conf").write_text(whole)
    stack.commands["nginx"] = (["nginx", "-c", f"{stack.folder}/nginx.conf"], {}, None)
    stack.start("nginx")
    waited_for(lambda: urlopen(f"http://127.0.0.1:{stack.at(6)}/healthz").close())


@dataclass
class Seen:
    """What people saw: responses by kind of page and status, the slowest ones, and acknowledged writes."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, status: str, seconds: float) -> None:
        """Record a response."""
        with self.lock:
            self.answers[kind, status] += 1
            self.slowest[kind] = max(self.slowest.get(kind, 0), seconds)


class Person:
    """A person with a browser and an address of their own."""

    def __init__(self, stack: Stack, number: int, seen: Seen) -> None:
        self.port, self.seen = stack.at(6), seen
        self.address = f"127.0.1.{number}"
        self.cookies: dict[str, str] = {}
        self.heads: Message = Message()

    def ask(
        self, kind: str, path: str, form: dict[str, str] | bytes | None = None, mime: str = ""
    ) -> str:
        """Request a page or send a form; return the page, empty if there was none."""
        body = urlencode(form).encode() if isinstance(form, dict) else form
        heads = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            heads["Content-Type"] = mime or "application/x-www-form-urlencoded"
        begun = time.monotonic()
        line = HTTPConnection("127.0.0.1", self.port, timeout=70, source_address=(self.address, 0))
        try:
            line.request("GET" if body is None else "POST", path, body, heads)
            answer = line.getresponse()
            page, status = answer.read().decode(errors="replace"), str(answer.status)
            self.heads = answer.headers
            for head in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = head.partition(";")[0].partition("=")
                self.cookies[name] = value
        except (OSError, HTTPException) as error:
            page, status = "", type(error).__name__
        finally:
            line.close()
        self.status = status
        self.seen.note(kind, status, time.monotonic() - begun)
        return page

    def sign_in(self, email: str, password: str) -> None:
        """Sign in as a person does."""
        token = token_of(self.ask("sign in", "/sign-in"))
        self.ask("sign in", "/sign-in", {"csrf_token": token, "email": email, "password": password})
        assert self.status == "302", f"{email} cannot sign in: {self.status}"


def token_of(page: str) -> str:
    """Return the token of a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    return found[1] if found else ""


def plan(person: Person) -> None:
    """Write an action into the plan; once acknowledged, it must be there."""
    page = person.ask("look at a form", "/school/plan/new?criterion=A1")
    what = f"Step {secrets.token_hex(8)}"
    due = clock.today() + timedelta(days=30)
    form = {"csrf_token": token_of(page), "what": what, "who": "deputy head", "due_on": f"{due}"}
    person.ask("write an action", "/school/plan/new?criterion=A1", form)
    if person.status in {"302", "303"}:
        person.seen.kept.append(what)


def send_document(person: Person) -> None:
    """Send a document; once acknowledged, it must be there, with its file in the store."""
    page = person.ask("look at a form", "/school/documents/new")
    title = f"Paper {secrets.token_hex(8)}"
    kind = re.search(r'<option value="([^"]+)"', page)
    fields = {
        "csrf_token": token_of(page),
        "title": title,
        "evidence_code": kind[1] if kind else "",
    }
    mark = secrets.token_hex(16)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts.append(
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="paper.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n".encode()
    )
    body = b"".join([*parts, pdf_of(title), f"\r\n--{mark}--\r\n".encode()])
    kind_of_body = f"multipart/form-data; boundary={mark}"
    person.ask("send a document", "/school/documents/new", body, kind_of_body)
    if person.status in {"302", "303"}:
        person.seen.sent.append(title)


def steps_of(person: Person, paths: list[str], kind: str) -> Iterator[Callable[[], object]]:
    """Yield what a person does who only reads."""
    for path in cycle(paths):
        yield partial(person.ask, kind, path)


def work_of(person: Person) -> Iterator[Callable[[], object]]:
    """Yield what a head does: plan twice, then send a document."""
    for act in cycle((plan, plan, send_document)):
        yield partial(act, person)


def begin(stack: Stack, seen: Seen, done: threading.Event) -> list[threading.Thread]:
    """Start everybody."""
    heads = asked(
        stack.database(0),
        "SELECT u.email FROM person u JOIN school s ON s.id = u.school_id"
        " WHERE u.email LIKE 'head0.%' AND s.progress IN ('in_training', 'trained', 'registered') LIMIT :most",
        most=HEADS,
    )
    codes = [row[0] for row in asked(stack.database(0), "SELECT code FROM certificate LIMIT 20")]
    verify = [f"/verify/{in_groups(str(code))}" for code in codes]
    doing: list[Iterator[Callable[[], object]]] = []
    number = 1
    for (email,) in heads:
        person = Person(stack, number, seen)
        person.sign_in(str(email), PASSWORDS["school"])
        doing.append(work_of(person))
        number += 1
    for _ in range(MINISTRIES):
        person = Person(stack, number, seen)
        person.sign_in("ministry.md@load.example", PASSWORDS["staff"])
        doing.append(steps_of(person, ["/oversight/MD", "/oversight/MD/figures.csv"], "figures"))
        number += 1
    for _ in range(VISITORS):
        person = Person(stack, number, seen)
        doing.append(steps_of(person, ["/register", *verify[:3]], "public pages"))
        number += 1

    def go_on(steps: Iterator[Callable[[], object]]) -> None:
        while not done.is_set():
            next(steps)()
            time.sleep(
                1.1
            )  # nobody makes requests faster than this, and the limit is sixty a minute

    threads = [threading.Thread(target=go_on, args=(steps,)) for steps in doing]
    for thread in threads:
        thread.start()
    return threads


def told(name: str, seen: Seen) -> None:
    """Print what was seen since the last call, and reset it."""
    with seen.lock:
        answers, seen.answers = seen.answers, Counter()
        slowest, seen.slowest = seen.slowest, {}
    print(f"\n{name}", flush=True)
    for kind in sorted(slowest):
        counts = ", ".join(
            f"{status}: {count}" for (one, status), count in sorted(answers.items()) if one == kind
        )
        print(f"  {kind:16} {counts:50} slowest {slowest[kind]:.2f} s", flush=True)


@contextmanager
def stopped(stack: Stack, name: str) -> Iterator[None]:
    """Stop a server and start it again; the store keeps its files in memory, so it is only suspended."""
    if name == "store":
        stack.running[name].send_signal(signal.SIGSTOP)
    else:
        stack.stop(name)
    try:
        yield
    finally:
        if name == "store":
            stack.running[name].send_signal(signal.SIGCONT)
        else:
            stack.start(name)


def is_stored(stack: Stack, key: str) -> bool:
    """Return whether the store has a file."""
    settings = {
        "endpoint": stack.settings["CISS_S3_ENDPOINT"],
        "region": "us-east-1",
        "access_key_id": "key",
        "secret_access_key": "secret",
    }
    try:
        return bool(store_at(stack.settings["CISS_FILES_URL"], **settings).get(key))
    except OSError:
        return False


def count(stack: Stack, seen: Seen) -> bool:
    """Print whether every acknowledged action is there once; the audit trail must be intact."""
    rows = asked(stack.database(0), "SELECT what, count(*) FROM planned_action GROUP BY what")
    there = {str(what): int(str(number)) for what, number in rows}
    lost = [what for what in seen.kept if what not in there]
    doubled = [what for what, number in there.items() if what.startswith("Step ") and number > 1]
    print(f"\nactions written: {len(seen.kept)}, lost: {len(lost)}, doubled: {len(doubled)}")
    papers = (
        "SELECT d.title, v.file_key FROM document d JOIN document_version v ON v.document_id = d.id"
    )
    found = asked(stack.database(0), f"{papers} WHERE d.title LIKE 'Paper %'")
    titles = Counter(str(title) for title, _key in found)
    lost += [title for title in seen.sent if title not in titles]
    doubled += [title for title, number in titles.items() if number > 1]
    lost += [str(title) for title, key in found if not is_stored(stack, str(key))]
    print(f"documents sent: {len(seen.sent)}; lost or doubled of all: {len(lost + doubled)}")
    print(ciss(stack, "audit", "check").strip())
    return not lost and not doubled


def end(stack: Stack) -> None:
    """Stop all servers; those with child processes shut down by themselves, or the children would stay."""
    for name, server in stack.running.items():
        server.send_signal(signal.SIGTERM if name in {"nginx", "several"} else signal.SIGKILL)
        server.wait()


def main(folder: Path, schools: int, port: int, seconds: float) -> None:
    """Run the trial."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    stack, seen, done = Stack(folder, port), Seen(), threading.Event()
    with ExitStack() as ended:
        ended.callback(end, stack)
        databases(stack)
        others(stack)
        ciss(stack, "load", "--schools", str(schools), "--country", "MD", "--full", "100")
        web(stack)
        threads = begin(stack, seen, done)
        ended.callback(done.set)
        time.sleep(seconds)
        told("all there", seen)
        for name in ("first", "replica", "redis", "store"):
            with stopped(stack, name):
                time.sleep(seconds)
                told(f"without: {name}", seen)
            time.sleep(seconds)
            told(f"{name} is back", seen)
        done.set()
        for thread in threads:
            thread.join()
        whole = count(stack, seen)
    sys.exit(0 if whole else 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--schools", type=int, default=200)
    parser.add_argument("--port", type=int, default=8512)
    parser.add_argument("--seconds", type=float, default=20)
    main(*vars(parser.parse_args()).values())
