"""Kills the service repeatedly while eight people write, and checks that every acknowledged write is there once.

    make try-kills FOLDER=/some/new/folder       # or python -m benchmarks.kills with --kills, --writes, --minutes, --database, --port

Five heads write actions into their plans, two answer quizzes, one sends documents, each as fast as the service
responds. The service and all its child processes are killed with `kill -9` at random times and started again, until
both the kills and the acknowledged writes reach the numbers asked for, or the time is up; once for SQLite, once for
PostgreSQL. An acknowledged action or document must be there exactly once, with its file; a quiz must have the answer
acknowledged last, or the one in flight. The exit status is 1 if anything is lost, incomplete or duplicated, or if the
service was not ready again in time.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count as numbers
from itertools import cycle
from pathlib import Path
from urllib.request import urlopen

import psutil

from benchmarks import machines
from benchmarks.faults import (
    Caller,
    Embedded,
    Findings,
    answer_fault,
    answer_quiz,
    in_turn,
    load,
    signed_in,
)
from benchmarks.machines import Person, asked
from config import ROOT

READY_WITHIN = {"sqlite": 5.0, "postgresql": 10.0}
SCHOOLS = 60
LONGEST_LIFE = 4.0

Job = tuple[Callable[[], object], float]


class Silent(Findings):
    """Acknowledged writes; a broken connection is not a fault here."""

    def judge(self, kind: str, person: Person, page: str) -> None:
        """Accept every response; wait briefly after a failed connection, so that the service can start."""
        if not person.status.isdigit():
            time.sleep(0.3)


class Killed(Embedded):
    """One process with a folder of files, on either database."""

    on_postgres = False

    @property
    def settings(self) -> dict[str, str]:
        """The settings of the process."""
        more = {"CISS_DATABASE_URL": self.database(0)} if self.on_postgres else {}
        return super().settings | more

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Return the rows of a statement."""
        return asked(self.settings["CISS_DATABASE_URL"], statement)

    def serve(self) -> None:
        """Start the process in its own process group, and wait until it is ready."""
        log = (self.folder / "one.log").open("ab")
        bind = f"127.0.0.1:{self.at(4)}"
        self.running["one"] = subprocess.Popen(
            [sys.executable, "-m", "cissapp.cli", "serve", "--bind", bind],
            env={**os.environ, "PYTHONPATH": str(ROOT), **self.settings},
            stdout=log,
            stderr=log,
            cwd=self.folder,
            start_new_session=True,
        )
        machines.waited_for(lambda: urlopen(f"http://{bind}/readyz").close())

    def spent(self) -> float:
        """Return the CPU seconds that the process has used so far."""
        times = psutil.Process(self.running["one"].pid).cpu_times()
        return float(times.user + times.system)

    def kill(self) -> None:
        """Kill the process and all its children."""
        os.killpg(self.running["one"].pid, signal.SIGKILL)
        self.running["one"].wait()


def people(stack: Killed, seen: Silent) -> tuple[list[Job], list[Caller]]:
    """Sign in heads and list their jobs; several heads take turns where a school has a limit."""
    heads = stack.rows(
        "SELECT u.email FROM person u JOIN school s ON s.id = u.school_id WHERE u.email LIKE 'head0.%'"
        " AND s.progress IN ('in_training', 'trained', 'registered') ORDER BY s.progress <> 'registered', s.progress, u.email"
    )
    emails, number = cycle([str(email) for (email,) in heads]), numbers(2, 2)

    heads_in = partial(signed_in, emails, lambda: Caller(stack, next(number), seen))
    learners = heads_in(
        2
    )  # from schools that are just beginning: nobody who has passed or is waiting can start a quiz
    jobs: list[Job] = [
        *((in_turn(machines.plan, heads_in(4)), 0.0) for _ in range(5)),
        *((partial(answer_quiz, one, numbers()), 0.0) for one in learners),
        (in_turn(machines.send_document, heads_in(8)), 0.2),
    ]
    return jobs, learners


def acknowledged(seen: Silent) -> int:
    """Return how many writes were acknowledged."""
    kinds = ("write an action", "send a document", "answer a quiz")
    return sum(seen.answers[kind, status] for kind in kinds for status in ("302", "303"))


@dataclass(frozen=True)
class Wanted:
    """When a trial ends."""

    kills: int
    writes: int
    minutes: float

    def is_met(self, kills: int, writes: int, since: float) -> bool:
        """Return whether both numbers are reached, or the time is up."""
        over = time.monotonic() - since > 60 * self.minutes
        return over or (kills >= self.kills and writes >= self.writes)


def kill_again_and_again(
    stack: Killed, seen: Silent, wanted: Wanted
) -> tuple[list[float], list[float]]:
    """Kill the service at random times; return the clock and CPU seconds of each start until it was ready."""
    draw, since = random.Random(11), time.monotonic()
    starts: list[float] = []
    spent: list[float] = []
    while not wanted.is_met(len(starts), acknowledged(seen), since):
        time.sleep(draw.uniform(0.2, LONGEST_LIFE))
        stack.kill()
        begun = time.monotonic()
        stack.serve()
        starts.append(time.monotonic() - begun)
        spent.append(stack.spent())
    return starts, spent


def faults_of(stack: Killed, seen: Silent, learners: list[Caller]) -> list[str]:
    """Compare what was acknowledged with what is stored."""
    wrong = []
    found = stack.rows("SELECT what, count(*) FROM planned_action GROUP BY what")
    actions = {str(what): int(str(number)) for what, number in found}
    wrong += [f"lost: {what}" for what in seen.kept if what not in actions]
    wrong += [
        f"double: {what}" for what, n in actions.items() if what.startswith("Step ") and n > 1
    ]
    papers = stack.rows(
        "SELECT d.title, v.file_key, v.size FROM document d JOIN document_version v"
        " ON v.document_id = d.id WHERE d.title LIKE 'Paper %'"
    )
    titles = Counter(str(title) for title, _key, _size in papers)
    wrong += [f"lost: {title}" for title in seen.sent if title not in titles]
    wrong += [f"double: {title}" for title, number in titles.items() if number > 1]
    for title, key, size in papers:
        file = stack.folder / "files" / str(key)
        if not file.exists() or file.stat().st_size != size:
            wrong.append(f"half: {title}")
    return wrong + [fault for one in learners if (fault := answer_fault(one, seen))]


def trial(folder: Path, port: int, database: str, wanted: Wanted) -> list[str]:
    """Try one database, and print what was found."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    stack, seen = Killed(folder, port), Silent()
    stack.on_postgres = database == "postgresql"
    with ExitStack() as ended:
        ended.callback(machines.end, stack)
        if stack.on_postgres:
            machines.databases(stack)
        machines.ciss(stack, "db", "upgrade")
        machines.ciss(stack, "load", "--schools", str(SCHOOLS), "--country", "MD", "--full", "100")
        stack.serve()
        jobs, learners = people(stack, seen)
        with load(jobs):
            starts, spent = kill_again_and_again(stack, seen, wanted)
        wrong = faults_of(stack, seen, learners)
        print(f"\n{database}: {len(starts)} kills, {acknowledged(seen)} acknowledged writes")
        print(f"  actions {len(seen.kept)}, documents {len(seen.sent)}; wrong: {len(wrong)}")
        print(
            f"  ready again after {sorted(starts)[len(starts) // 2]:.1f} s, at most {max(starts):.1f} s;"
            f" of the processor {sorted(spent)[len(spent) // 2]:.1f} s"
        )
        print(
            "  answers: "
            + ", ".join(
                f"{kind} {status} {n}" for (kind, status), n in sorted(seen.answers.items())
            )
        )
        print("  " + machines.ciss(stack, "audit", "check").strip())
    if max(starts) > READY_WITHIN[database]:
        wrong.append(f"ready only after {max(starts):.1f} s")
    return [f"{database}: {one}" for one in wrong]


def main(folder: Path, wanted: Wanted, database: str, port: int) -> None:
    """Run the trial on one database, or on both."""
    wrong = []
    for place, name in enumerate(("sqlite", "postgresql")):
        if database in {"", name}:
            wrong += trial(folder / name, port + 20 * place, name, wanted)
    print("\nfailed: " + ("\n  ".join(["", *wrong]) if wrong else "nothing"))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--writes", type=int, default=2500)
    parser.add_argument("--database", default="", choices=["", "sqlite", "postgresql"])
    parser.add_argument("--port", type=int, default=8618)
    parser.add_argument("--minutes", type=float, default=120, help="for each database at most")
    given = parser.parse_args()
    enough = Wanted(given.kills, given.writes, given.minutes)
    main(given.folder, enough, given.database, given.port)
