"""Stops each service for 20 s under load and starts it again; then tries overload, slow connections and a full disk.

    make try-faults FOLDER=/some/new/folder       # or python -m benchmarks.faults with --schools, --port, --only

Needs what `machines.py` needs except nginx, ten ports from PORT on, and about ten minutes. Two `ciss serve` share the
services: one process (waitress), and two workers (granian). Heads write actions into their plans, answer quizzes and
send documents; visitors view the list, certificates and `/healthz`, sign in, and request new passwords. Each response
is checked: a fault must be 503 or 507 with `Retry-After` and a reference. At the end, every acknowledged write must be
there exactly once. The exit status is 1 if any check fails.
"""

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import count as numbers
from itertools import cycle
from pathlib import Path
from urllib.request import urlopen

from benchmarks import machines
from benchmarks.machines import Person, Seen, Stack, answers, asked, token_of, waited_for
from benchmarks.stubs import MailServer, Stub, clamd
from cissapp.certify.certificates.rules import in_groups
from cissapp.operate.demo.schools.cast import PASSWORDS

AWAY, CALM, BACK_WITHIN = 20, 8, 10.0
MODULE, QUESTIONS = "/learn/risks-and-harms", 10

SERVICES = ("primary", "store", "redis", "mail", "clamd")
# Long enough for a failed email to be tried again after the sending thread has slept.
MAILS_WITHIN = 300
OVERLOAD_SECONDS, SLOW_LINES, SLOW_WITHIN, REFUSED_WITHIN = 15, 200, 3.0, 1.0


HEADS = 20

# What a person does repeatedly, and the pause between in seconds.
Job = tuple[Callable[[], object], float]


class Services(Stack):
    """The services of a trial, with servers that people reach without a proxy."""

    @property
    def settings(self) -> dict[str, str]:
        """The settings of both servers."""
        return super().settings | {
            "CISS_BASE_URL": f"http://127.0.0.1:{self.at(4)}",
            "CISS_PROXY_HOPS": "0",
            "CISS_MAIL_URL": f"smtp://127.0.0.1:{self.at(7)}",
            "CISS_CLAMD_URL": f"tcp://127.0.0.1:{self.at(8)}",
        }

    def serve(self) -> None:
        """Start the server with one process and the one with two workers."""
        for place, name, workers in ((4, "one", 1), (5, "several", 2)):
            bind = ["--bind", f"127.0.0.1:{self.at(place)}", "--workers", str(workers)]
            command = [sys.executable, "-m", "cissapp.cli", "serve", *bind]
            self.commands[name] = (command, self.settings, None)
            self.start(name)
            waited_for(partial(answers, f"http://127.0.0.1:{self.at(place)}/readyz"))


class Findings(Seen):
    """The responses seen, and which of them were wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.since: float | None = None
        self.back: dict[str, float] = {}
        self.answered: dict[str, tuple[str, set[str]]] = {}
        self.places: dict[str, int] = {}

    def place_of(self, person: "Caller") -> int:
        """Return the place of the question that a person answers."""
        return self.places.get(person.name, 1)

    def judge(self, kind: str, person: Person, page: str) -> None:
        """Check a response: a fault must have the right status, header and reference."""
        status = person.status
        if status in {"503", "507"}:
            told = person.heads.get("Retry-After") and re.search(
                r'class="code">[0-9A-F]{8}|"reference": ?"[0-9A-F]{8}|at this moment', page
            )
            if not told:
                self.wrong.append(f"{kind}: {status} without Retry-After or reference")
        elif not status.isdigit() or status[0] == "5":
            self.wrong.append(f"{kind}: {status}")
        elif status[0] in "23" and self.since is not None:
            self.back.setdefault(kind, time.monotonic() - self.since)


class Caller(Person):
    """A person with an address of their own, at one of the two servers."""

    def __init__(self, stack: Stack, number: int, seen: Findings) -> None:
        super().__init__(stack, number, seen)
        self.findings, self.port = seen, stack.at(4 + number % 2)
        self.name = ""

    def ask(
        self, kind: str, path: str, form: dict[str, str] | bytes | None = None, mime: str = ""
    ) -> str:
        """Send a request and check the response."""
        page = super().ask(kind, path, form, mime)
        self.findings.judge(kind, self, page)
        return page


def answer_quiz(person: Caller, turns: Iterator[int]) -> None:
    """Change the answer to a question; the last acknowledged answer must be the one that counts.

    It is the first question with plain options: which kinds a quiz begins with is drawn.
    """
    for place in range(person.findings.place_of(person), QUESTIONS + 1):
        page = person.ask("look at a form", f"{MODULE}/quiz/{place}")
        if person.status == "302":
            token = token_of(person.ask("look at a form", MODULE))
            person.ask("start a quiz", f"{MODULE}/quiz/start", {"csrf_token": token})
            person.findings.places.pop(person.name, None)
            person.findings.answered.pop(person.name, None)
        if person.status != "200":
            return
        fields = {
            name: found[1]
            for name in ("csrf_token", "attempt", "sequence")
            if (found := re.search(rf'name="{name}"[^>]*value="([^"]*)"', page))
        }
        options = re.findall(r'name="chosen"[^>]*value="(\d+)"', page.replace("\n", " "))
        if options and len(fields) == 3:
            person.findings.places[person.name] = place
            _choose(person, place, fields, options[next(turns) % len(options)])
            return


def _choose(person: Caller, place: int, fields: dict[str, str], chosen: str) -> None:
    last, unsure = person.findings.answered.get(person.name, ("", set()))
    person.findings.answered[person.name] = (last, unsure | {chosen})
    person.ask("answer a quiz", f"{MODULE}/quiz/{place}", {**fields, "chosen": chosen})
    if person.status in {"302", "303"}:
        person.findings.answered[person.name] = (chosen, set())


def sign_in_anew(person: Caller, email: str) -> None:
    """Sign in with an empty browser."""
    person.cookies.clear()
    token = token_of(person.ask("look at a form", "/sign-in"))
    if token:
        form = {"csrf_token": token, "email": email, "password": PASSWORDS["school"]}
        person.ask("sign in", "/sign-in", form)


def ask_for_password(person: Caller, emails: Iterator[str]) -> None:
    """Request a new password, which sends an email."""
    person.cookies.clear()
    token = token_of(person.ask("look at a form", "/password-reset"))
    if token:
        form = {"csrf_token": token, "email": next(emails)}
        person.ask("ask for a password", "/password-reset", form)


def people(stack: Services, seen: Findings) -> tuple[list[Job], list[Caller]]:
    """Return what everybody does, with the pauses in seconds, and the heads who answer quizzes."""
    heads = asked(
        stack.database(0),
        "SELECT u.email FROM person u JOIN school s ON s.id = u.school_id WHERE u.email LIKE 'head0.%'"
        f" AND s.progress IN ('in_training', 'trained', 'registered') ORDER BY s.progress <> 'registered', u.email LIMIT {HEADS}",
    )
    emails = cycle([str(email) for (email,) in heads])
    codes = [row[0] for row in asked(stack.database(0), "SELECT code FROM certificate LIMIT 5")]
    number = numbers(1)

    heads_in = partial(signed_in, emails, lambda: Caller(stack, next(number), seen))
    learners = heads_in(2)
    jobs: list[Job] = [(partial(answer_quiz, one, numbers()), 1.1) for one in learners]
    jobs += [(in_turn(machines.plan, heads_in(3)), 1.1) for _ in range(2)]
    jobs += [(in_turn(machines.send_document, heads_in(5)), 1.1) for _ in range(2)]
    strangers = [Caller(stack, next(number), seen) for _ in range(7)]
    guest = next(emails)
    jobs += [(partial(sign_in_anew, person, guest), 1.5) for person in strangers[:2]]
    jobs.append((partial(ask_for_password, strangers[2], emails), 9.0))
    verify = cycle([f"/verify/{in_groups(str(code))}" for code in codes])
    jobs += [(partial(verify_one, person, verify), 1.2) for person in strangers[3:5]]
    jobs.append((partial(strangers[5].ask, "public list", "/register"), 1.2))
    jobs.append((partial(strangers[6].ask, "/healthz", "/healthz"), 0.5))
    return jobs, learners


def verify_one(person: Caller, paths: Iterator[str]) -> None:
    """Open the page of the next certificate."""
    person.ask("verify a certificate", next(paths))


def signed_in(emails: Iterator[str], new: Callable[[], Caller], many: int) -> list[Caller]:
    """Sign in the next people of schools."""
    found = []
    for email in (next(emails) for _ in range(many)):
        found.append(new())
        found[-1].sign_in(email, PASSWORDS["school"])
        found[-1].name = email
    return found


def in_turn(act: Callable[[Caller], object], people: list[Caller]) -> Callable[[], object]:
    """Return an act that people perform in turn, because a school accepts a limited number of documents and actions."""
    turns = cycle(people)
    return lambda: act(next(turns))


@contextmanager
def load(jobs: list[Job]) -> Iterator[None]:
    """Run the jobs repeatedly until the block ends."""
    done = threading.Event()

    def go_on(job: Callable[[], object], seconds: float) -> None:
        while not done.is_set():
            job()
            done.wait(seconds)

    threads = [threading.Thread(target=go_on, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


@contextmanager
def away(stack: Services, name: str, stubs: dict[str, Stub]) -> Iterator[None]:
    """Stop a service: PostgreSQL at once, the store so that it hangs, the others so that they refuse connections."""
    if name in stubs:
        stubs[name].stop()
        yield
        stubs[name].start()
    elif name == "primary":
        stack.stop(name, signal.SIGQUIT)
        yield
        stack.start(name)
        server = stack.database(0)
        waited_for(lambda: asked(server, "SELECT 1"))
    else:
        with machines.stopped(stack, name):
            yield


def outages(stack: Services, seen: Findings, stubs: dict[str, Stub]) -> None:
    """Stop each service once under load, and print when each kind of request succeeded again."""
    jobs, learners = people(stack, seen)
    with load(jobs):
        time.sleep(CALM)
        machines.told("all there", seen)
        for name in SERVICES:
            with away(stack, name, stubs):
                time.sleep(AWAY)
                machines.told(f"without: {name}", seen)
            seen.back, seen.since = {}, time.monotonic()
            time.sleep(CALM + BACK_WITHIN)
            back, seen.since = dict(seen.back), None
            machines.told(f"{name} is back; the first that went well, after seconds", seen)
            print("  " + ", ".join(f"{kind} {when:.1f}" for kind, when in sorted(back.items())))
            late = {"write an action", "send a document", "answer a quiz", "sign in"} - {
                kind for kind, when in back.items() if when <= BACK_WITHIN
            }
            seen.wrong += [f"{name} was back: {kind} not within {BACK_WITHIN} s" for kind in late]
    seen.wrong += [fault for one in learners if (fault := answer_fault(one, seen))]


def answer_fault(person: Caller, seen: Findings) -> str | None:
    """Return what is wrong if the answer shown is neither the last acknowledged one nor one in flight."""
    page = person.ask("look at a form", f"{MODULE}/quiz/{seen.place_of(person)}")
    last, unsure = seen.answered.get(person.name, ("", set()))
    tags = [tag for tag in re.findall(r"<input[^>]*>", page) if 'name="chosen"' in tag]
    shown = {
        found[1]
        for tag in tags
        if " checked" in tag and (found := re.search(r'value="(\d+)"', tag))
    }
    print(f"answer acknowledged last: {last or 'none'}, shown: {shown or 'none'}")
    if last and not shown & ({last} | unsure):
        return f"the answer {last} was acknowledged but is missing: {shown}"
    return None


def mails(stack: Services, server: MailServer, seen: Findings) -> None:
    """Wait until every email has been sent, and compare with what arrived."""
    left = "SELECT count(*) FROM mail WHERE sent_at IS NULL"
    until = time.monotonic() + MAILS_WITHIN
    while asked(stack.database(0), left) != [(0,)] and time.monotonic() < until:
        time.sleep(5)
    waiting = asked(stack.database(0), left)[0][0]
    twice = [key for key, number in server.letters.items() if number > 1]
    print(f"\nemails arrived: {len(server.letters)}, twice: {len(twice)}, still waiting: {waiting}")
    if waiting or twice:
        seen.wrong.append("emails still waiting, or sent twice")


# --- more than can be done ----------------------------------------------------------------------


def overload(stack: Services, seen: Findings) -> None:
    """Send requests at full capacity, then at three times that rate: those refused must be refused at once."""
    for place, name in ((4, "one process"), (5, "two workers")):
        person = Caller(stack, 40 + place, Findings())
        person.port = stack.at(place)
        email = asked(
            stack.database(0), "SELECT email FROM person WHERE email LIKE 'head0.%' LIMIT 1"
        )
        person.sign_in(str(email[0][0]), PASSWORDS["school"])
        cookies = dict(person.cookies)

        def look(
            stack: Services = stack, place: int = place, cookies: dict[str, str] = cookies
        ) -> tuple[str, float]:
            asker = Caller(stack, 60, Findings())
            asker.port, asker.cookies = stack.at(place), dict(cookies)
            begun = time.monotonic()
            asker.ask("page", "/school")
            return asker.status, time.monotonic() - begun

        nominal = _rate(_closed(look, 4))
        answers = _open(look, 3 * nominal)
        good = sum(status == "200" for status, _ in answers) / OVERLOAD_SECONDS
        refused = sorted(seconds for status, seconds in answers if status in {"503", "429"})
        other = sorted({status for status, _ in answers} - {"200", "503", "429"})
        slow = refused[int(0.95 * len(refused))] if refused else 0.0
        print(
            f"\noverload, {name}: alone {nominal:.0f} pages a second; asked for {3 * nominal:.0f}: {good:.0f} went"
            f" well, {len(refused)} sent away, 95 of 100 within {slow:.2f} s; other answers: {other or 'none'}"
        )
        if slow > REFUSED_WITHIN or other or good < 0.8 * nominal:
            seen.wrong.append(f"overload, {name}")


def _closed(look: Callable[[], tuple[str, float]], at_once: int) -> int:
    until, done = time.monotonic() + OVERLOAD_SECONDS, [0] * at_once

    def go_on(place: int) -> None:
        while time.monotonic() < until:
            done[place] += look()[0] == "200"

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(go_on, range(at_once)))
    return sum(done)


def _rate(done: int) -> float:
    return done / OVERLOAD_SECONDS


def _open(look: Callable[[], tuple[str, float]], rate: float) -> list[tuple[str, float]]:
    begun = time.monotonic()
    with ThreadPoolExecutor(200) as pool:
        asked_for = []
        for number in range(int(rate * OVERLOAD_SECONDS)):
            time.sleep(max(0.0, begun + number / rate - time.monotonic()))
            asked_for.append(pool.submit(look))
        return [one.result() for one in asked_for]


# --- slow lines ---------------------------------------------------------------------------------

HEAD = b"Host: 127.0.0.1\r\n"
SLOW = {
    "headers": b"GET / HTTP/1.1\r\n" + HEAD + b"X-Slow: ",
    "body": b"POST /sign-in HTTP/1.1\r\n"
    + HEAD
    + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail=",
    "reading": b"GET /register HTTP/1.1\r\n" + HEAD + b"\r\n",
}


def slow_lines(stack: Services, seen: Findings) -> None:
    """Hold 200 slow connections in three ways; other requests must still be answered."""
    for place, name in ((4, "one process"), (5, "two workers")):
        for mode, said in SLOW.items():
            lines = []
            for number in range(SLOW_LINES):
                line = socket.socket()
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
                line.bind((f"127.0.2.{number % 200 + 1}", 0))
                line.connect(("127.0.0.1", stack.at(place)))
                line.sendall(said)
                lines.append(line)
                time.sleep(0.05 if mode == "reading" else 0)  # 200 at once would be too many
            person = Caller(stack, 50, Findings())
            person.port = stack.at(place)
            for turn in range(20):
                for line in lines if mode != "reading" else ():
                    with suppress(OSError):
                        line.sendall(b"x")
                person.ask("page", ("/healthz", "/", "/register", "/sign-in")[turn % 4])
                time.sleep(0.2)
            wrong = [status for _kind, status in person.findings.answers if status != "200"]
            slowest = person.findings.slowest["page"]
            print(
                f"{SLOW_LINES} slow connections ({mode}), {name}: slowest other answer {slowest:.2f} s {wrong or ''}"
            )
            if wrong or slowest > SLOW_WITHIN:
                seen.wrong.append(f"slow connections ({mode}), {name}")
            for line in lines:
                line.close()


# --- a full disk --------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """Mount a disk of 48 MB; yield None if that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def full_disk(trial: Path, port: int, seen: Findings) -> None:
    """Fill the disk of an embedded installation under load: reads must keep working, and writes once there is room."""
    with ExitStack() as ended, small_disk(trial / "disk") as disk:
        if disk is None:
            print("\nfull disk: not tested, because no small disk can be mounted here")
            return
        stack = Embedded(disk, port)
        ended.callback(machines.end, stack)
        machines.ciss(stack, "load", "--schools", "12", "--country", "MD", "--full", "100")
        stack.serve()
        with load(_on_disk(stack, disk, seen)):
            time.sleep(3)
            machines.told("all there, on a small disk", seen)
            _fill(disk / "filler", seen)
            seen.back, seen.since = {}, time.monotonic()
            time.sleep(6)
            print(f"  room again: {seen.back}")
            machines.told("with room", seen)
        there = [row[0] for row in sqlite_rows(disk, "SELECT what FROM planned_action")]
        lost = [what for what in seen.kept if there.count(what) != 1]
        print(f"actions written: {len(seen.kept)}, lost or doubled: {len(lost)}")
        if lost or "write an action" not in seen.back:
            seen.wrong.append("full disk")


def _on_disk(stack: "Embedded", disk: Path, seen: Findings) -> list[Job]:
    """Sign in four heads, of whom three write and one only reads."""
    heads = "SELECT email FROM person WHERE email LIKE 'head0.%' LIMIT 4"
    found = []
    for number, (email,) in enumerate(sqlite_rows(disk, heads), start=1):
        found.append(Caller(stack, 2 * number, seen))
        found[-1].sign_in(email, PASSWORDS["school"])
    jobs: list[Job] = [(partial(machines.plan, person), 0.3) for person in found[:3]]
    return [*jobs, (partial(found[3].ask, "look", "/school"), 0.3)]


def _fill(filler: Path, seen: Findings) -> None:
    """Fill the disk for ten seconds."""
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(65_536))
    time.sleep(10)
    machines.told("without room", seen)
    filler.unlink()


class Embedded(Services):
    """An installation with SQLite and a folder of files."""

    @property
    def settings(self) -> dict[str, str]:
        """The settings of the single process."""
        kept = ("CISS_SECRET_KEY", "CISS_BASE_URL", "CISS_SECOND_FACTOR")
        whole = super().settings
        return {name: whole[name] for name in kept} | {
            "CISS_DATABASE_URL": f"sqlite:///{self.folder}/ciss.db",
            "CISS_FILES_URL": f"file://{self.folder}/files",
            "CISS_KEYS_DIR": f"{self.folder}/keys",
            "CISS_MAIL_URL": f"file://{self.folder}/mail",
            "CISS_CACHE_DIR": "",
        }

    def serve(self) -> None:
        """Start the single process."""
        command = [
            sys.executable,
            "-m",
            "cissapp.cli",
            "serve",
            "--bind",
            f"127.0.0.1:{self.at(4)}",
        ]
        self.commands["one"] = (command, self.settings, None)
        self.start("one")
        waited_for(lambda: urlopen(f"http://127.0.0.1:{self.at(4)}/readyz").close())


def sqlite_rows(disk: Path, statement: str) -> list[tuple[str, ...]]:
    """Return rows of the embedded database."""
    import sqlite3  # noqa: PLC0415 -- one part of the trial only

    with sqlite3.connect(disk / "ciss.db") as connection:
        return connection.execute(statement).fetchall()


def with_services(stack: Services, schools: int, only: str, seen: Findings) -> None:
    """Start the services, and run the trials that need them."""
    with ExitStack() as ended:
        ended.callback(machines.end, stack)
        mail = MailServer(stack.at(7))
        stubs = {"mail": mail, "clamd": Stub(stack.at(8), clamd)}
        machines.databases(stack)
        machines.others(stack)
        machines.ciss(stack, "load", "--schools", str(schools), "--country", "MD", "--full", "100")
        stack.serve()
        if only in {"", "slow"}:
            slow_lines(stack, seen)
        if only in {"", "overload"}:
            overload(stack, seen)
        if only in {"", "services"}:
            outages(stack, seen, stubs)
            mails(stack, mail, seen)
            if not machines.count(stack, seen):
                seen.wrong.append("lost or doubled")


def main(folder: Path, schools: int, port: int, only: str) -> None:
    """Run the trials."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    seen = Findings()
    if only in {"", "disk"}:
        full_disk(folder, port + 10, seen)
        seen.kept.clear()
    if only != "disk":
        with_services(Services(folder, port), schools, only, seen)
    print("\nfailed: " + ("" if seen.wrong else "nothing"))
    for words in sorted(set(seen.wrong)):
        print(f"  {seen.wrong.count(words)} x {words}")
    sys.exit(1 if seen.wrong else 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--schools", type=int, default=60)
    parser.add_argument("--port", type=int, default=8518)
    parser.add_argument("--only", default="", choices=["", "services", "overload", "slow", "disk"])
    main(*vars(parser.parse_args()).values())
