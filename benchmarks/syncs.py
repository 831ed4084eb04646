"""Checks by system calls that each response is sent only after the data is on disk.

    make try-syncs FOLDER=/some/new/folder       # or python -m benchmarks.syncs with --port; needs strace

Creates a demonstration on SQLite, runs `ciss serve` under strace, and does four things over HTTP, one after the
other: an answer in a quiz, a document, a score, a decision. For each, the calls between request and response are
checked: the last write to SQLite's log must be synced before the first byte of the response is sent, and so must a
document's file and folder. Prints the calls that prove it; the exit status is 1 if any check fails.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from html.parser import HTMLParser
from itertools import count as numbers
from pathlib import Path
from urllib.request import urlopen
from uuid import UUID

import psutil

from benchmarks import machines
from benchmarks.faults import Caller, Findings, answer_quiz, sqlite_rows
from benchmarks.machines import Stack
from benchmarks.serving import config_of, our_settings
from config import ROOT

CALLS = "fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg"
LINE = re.compile(r"(?P<pid>\d+) +(?P<call>\w+)\((?P<rest>.*)")
RESUMED = re.compile(r"(?P<pid>\d+) +<\.\.\. \w+ resumed>(?P<rest>.*)")
ANSWER = re.compile(r'"HTTP/1\.1 30[23]')
# The reviewer of an open review, or of a submitted one.
OPEN = (
    "SELECT a.id, p.email FROM application a JOIN review r ON r.application_id = a.id"
    " JOIN person p ON p.id = r.assessor_id WHERE a.state = 'in_review' AND r.state = '{state}'"
    " AND p.email LIKE 'reviewer_.md@%' AND a.id NOT IN (SELECT application_id FROM review WHERE place = 'second')"
)


@dataclass
class Call:
    """A system call: what it was about, and the lines at which it began and ended."""

    name: str
    about: str
    begun: int
    ended: int


def calls_of(lines: list[str]) -> list[Call]:
    """List the calls in the order in which they began; a call split over two lines is joined."""
    found: list[Call] = []
    open_: dict[str, Call] = {}
    for number, line in enumerate(lines):
        if seen := RESUMED.match(line):
            call = open_.pop(seen["pid"], None)
            if call and " = -1 " not in line:
                call.ended = number
        elif seen := LINE.match(line):
            unfinished = "<unfinished" in line
            ended = sys.maxsize if unfinished or " = -1 " in line else number
            found.append(Call(seen["call"], seen["rest"], number, ended))
            if unfinished:
                open_[seen["pid"]] = found[-1]
    return found


def fault_of(calls: list[Call], files: str = "") -> str:
    """Return what is wrong with the order of calls; if nothing is, print those that prove it."""
    answers = [one for one in calls if ANSWER.search(one.about)]
    if not answers:
        return "no answer was seen"
    answer = answers[0]
    before = [one for one in calls if one.begun < answer.begun]
    written = [one for one in before if one.name == "pwrite64" and "-wal>" in one.about]
    if not written:
        return "nothing was written before the answer was sent"
    proofs = [_synced(before, "-wal>", written[-1].ended, answer.begun)]
    if files:
        proofs += [
            _synced(before, rf"{files}/documents/\w+{what}", 0, answer.begun)
            for what in (r"/\.", ">")  # the file, and its folder
        ]
    if None in proofs:
        return "the answer was sent before everything was synced"
    for one in (written[-1], *proofs, answer):
        print(f"    line {one.begun:5}-{one.ended:<5} {one.name}({one.about[:100]}" if one else "")
    return ""


def _synced(before: list[Call], path: str, after: int, until: int) -> Call | None:
    """Return the last sync of a file that began after one line and ended before another."""
    found = [
        one
        for one in before
        if one.name in {"fsync", "fdatasync"}
        and re.search(path, one.about)
        and one.begun > after
        and one.ended < until
    ]
    return found[-1] if found else None


class Form(HTMLParser):
    """The fields of the form of a page, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._inside, self._text = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect values that are already selected or filled in."""
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self._inside = given.get("class") == "form"
        elif tag == "input" and self._inside and name:
            if given.get("type") not in {"radio", "checkbox"} or "checked" in given:
                self.fields[name] = value
        elif tag == "textarea" and self._inside and name:
            self.fields[name], self._text = "", name

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a text area."""
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        """Collect the text in a field."""
        if self._text:
            self.fields[self._text] += data


def score(person: Caller, application: str) -> None:
    """Score a criterion."""
    path = f"/reviews/{application}/criteria/A1"
    fields = Form(person.ask("look at a form", path)).fields
    person.ask("score", path, {**fields, "level": "1", "reason": "The policy ends at the gate."})


def decide(person: Caller, application: str) -> None:
    """Decide as the rule proposes; the decision is shown for confirmation first."""
    path = f"/reviews/{application}/decision"
    page = person.ask("look at a form", path)
    for _time in range(2):
        page = person.ask("decide", path, Form(page).fields)
        if person.status != "200":
            return


class Traced(Stack):
    """One process under strace."""

    def begin(self, settings: dict[str, str]) -> None:
        """Start the process, and wait until it is ready."""
        bind = f"127.0.0.1:{self.at(4)}"
        strace = ["strace", "-f", "-y", "-s", "40", "-e", f"trace={CALLS}", "-e", "signal=none"]
        command = [*strace, "-o", str(self.trace), sys.executable, "-m", "cissapp.cli", "serve"]
        self.commands["traced"] = ([*command, "--bind", bind], settings, None)
        self.start("traced")
        machines.waited_for(lambda: urlopen(f"http://{bind}/readyz").close())

    def end(self) -> None:
        """Stop the process; strace itself ignores signals, and ends with it."""
        for one in psutil.Process(self.running["traced"].pid).children():
            one.terminate()
        self.running["traced"].wait()

    @property
    def trace(self) -> Path:
        """The file to which the calls are written."""
        return self.folder / "calls.txt"

    def during(self, act: Callable[[], object]) -> list[str]:
        """List the lines of calls made during an act."""
        time.sleep(1)  # lets background work of the previous response finish
        before = self.trace.stat().st_size
        act()
        time.sleep(0.5)
        return self.trace.read_bytes()[before:].decode(errors="replace").splitlines()


def seat(folder: Path, state: str) -> tuple[str, str]:
    """Return an application and the person whose review of it is in this state."""
    number, email = sqlite_rows(folder, OPEN.format(state=state))[0]
    return str(UUID(number)), email


def acts(stack: Stack) -> dict[str, Callable[[], str]]:
    """Return the acts by name; each returns the status of its response."""
    people = json.loads((stack.folder / "people.json").read_text(encoding="utf-8"))
    of = {one["email"]: one for one in people}
    turn = numbers(2, 2)  # all at the single process

    def signed_in(about: str) -> Caller:
        email = about if "@" in about else next(e for e in of if about in of[e]["about"])
        person = Caller(stack, next(turn), Findings())
        person.sign_in(email, of[email]["password"])
        person.name = email
        return person

    learner = signed_in("head of a school: registered, nothing begun")
    answer_quiz(learner, numbers())  # begins it
    opened, assessor = seat(stack.folder, "open")
    handed_in, _assessor = seat(stack.folder, "handed_in")
    return {
        "an answer": done(learner, lambda one: answer_quiz(one, numbers(1))),
        "a document": done(learner, machines.send_document),
        "a score": done(signed_in(assessor), lambda one: score(one, opened)),
        "a decision": done(
            signed_in("coordinator.md@group.example"), lambda one: decide(one, handed_in)
        ),
    }


def done(person: Caller, act: Callable[[Caller], object]) -> Callable[[], str]:
    """Return a function that performs an act as a person, and returns the status."""

    def do() -> str:
        act(person)
        return person.status

    return do


def main(folder: Path, port: int) -> None:
    """Run the trial."""
    if not shutil.which("strace"):
        sys.exit("strace is not installed")
    command = [sys.executable, "-m", "cissapp.cli", "demo", "--no-serve", "--folder", str(folder)]
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    wrong = witnessed(folder, port)
    print("failed: " + ("\n  ".join(["", *wrong]) if wrong else "nothing"))
    sys.exit(1 if wrong else 0)


def keep_status(act: Callable[[], str], status: list[str]) -> None:
    """Perform an act and keep the status of its response."""
    status.append(act())


def witnessed(folder: Path, port: int) -> list[str]:
    """Perform every act on a demonstration; return what is wrong."""
    config = replace(config_of(folder, ""), base_url=f"http://127.0.0.1:{port + 4}")
    stack, wrong = Traced(folder, port), []
    with ExitStack() as ended:
        ended.callback(stack.end)
        stack.begin({**our_settings(config), "CISS_SECOND_FACTOR": "0", "CISS_SETTINGS": ""})
        for name, act in acts(stack).items():
            status: list[str] = []
            lines = stack.during(partial(keep_status, act, status))
            print(f"{name}: {status[0]}")
            files = str(folder / "files") if name == "a document" else ""
            if fault := fault_of(calls_of(lines), files):
                wrong.append(f"{name}: {fault}")
    return wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8718)
    given = parser.parse_args()
    main(given.folder.resolve(), given.port)
