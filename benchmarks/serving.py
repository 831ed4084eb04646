"""Compares a learner's pages and saved answers over HTTP with the yardstick (`yardstick.py`) and with the goals.

    .venv/bin/ciss demo --no-serve --folder /some/folder
    .venv/bin/python -m benchmarks.serving /some/folder
    .venv/bin/python -m benchmarks.serving /some/folder 'postgresql+psycopg://postgres@/%s?host=/its/socket'

With the address of a PostgreSQL server, in which %s stands for the name of a database, both run on its existing, empty
databases `ciss` and `yardstick`; the demonstration is copied there. The CPU of the database's processes is not counted.

First both are started in turn, and the CPU seconds until each application is ready are compared. Then each server
runs with two granian processes and synchronous=FULL; `wrk` uses one, eight and 64 connections, three seconds each,
in four turns, of which the first is a warm-up. Prints medians: requests per second, milliseconds at the 50th and 95th
percentile, CPU milliseconds of all server processes per request, both as ratios to the yardstick within the turn (pages
to its page, a saved answer to its bare insert), and the goal; at the end, the memory of both (PSS) in MB.
Saves many answers in the folder, so use a copy. Compare only ratios within one run: a busy machine shifts all figures.
"""

import importlib
import json
import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import psutil
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from benchmarks.learning import MODULE, WHO, csrf, value
from benchmarks.on_postgres import copy_into
from benchmarks.pages import signed_in, signed_in_as
from cissapp import create_app
from cissapp.operate.demo.commands import _config
from config import ROOT, Config

HERE = Path(__file__).resolve().parent
TURNS, SECONDS, CONNECTIONS = 4, 3, (1, 8, 64)
STARTS = 5
PAGE, INSERT = "/page/1", "/rawsave"
# Goals: at most this share of the yardstick's CPU, and at least this share of its requests per second.
GOALS = {
    "lesson": (PAGE, "2.0", "0.5"),
    "module": (PAGE, "2.0", "0.5"),
    "overview": (PAGE, "2.0", "0.5"),
    "save an answer": (INSERT, "", "0.35"),
}
FORM = "application/x-www-form-urlencoded"
REPORT = """
done = function(summary, latency)
  local failed = summary.errors.status + summary.errors.read + summary.errors.timeout
  io.write(string.format("SEEN %d %.3f %.3f %.3f %d\\n", summary.requests,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, failed))
end
"""
# A different person each time, because nobody answers twice at once. A different option each time, because saving
# the same answer again changes nothing.
SAVES = """
local people, turn = {%(people)s}, math.random(1000)
request = function()
  turn = turn + 1
  local person = people[turn %% #people + 1]
  local round = math.floor(turn / #people)
  local position = person.positions[round %% #person.positions + 1]
  local chosen = math.floor(round / #person.positions) %% 4 + 1
  wrk.headers["Cookie"] = person.cookie
  return wrk.format("POST", "%(module)s/quiz/" .. position, nil, person.fields .. "&chosen=" .. chosen)
end
"""
PERSON = '{cookie="%(cookie)s", fields="%(fields)s", positions={%(positions)s}}'
# People of the demonstration who have not passed yet.
LEARNERS = ("registered, nothing begun", "just begun", "half-way through the modules")


@dataclass(frozen=True)
class Asked:
    """A measurement: the server, the address requested, and the wrk script."""

    name: str
    server: psutil.Process
    address: str
    script: Path


def free_ports() -> tuple[int, int]:
    """Return two unused ports."""
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        return one.getsockname()[1], two.getsockname()[1]


OURS, THEIRS = free_ports()


@contextmanager
def serving(
    command: list[str], folder: Path, settings: dict[str, str], port: int
) -> Iterator[psutil.Process]:
    """Run a server with all its processes until the block ends."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    server = psutil.Popen(
        command,
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                urlopen(f"http://127.0.0.1:{port}/healthz")
                break
            except OSError as error:
                if isinstance(error, URLError) and "refused" in str(error):
                    time.sleep(0.1)
                    continue
                break  # it answers, even if only with 404
        yield server
    finally:
        for one in [*server.children(recursive=True), server]:
            one.kill()


def script(folder: Path, name: str, cookie: str, rest: str = "") -> Path:
    """Write the script for wrk."""
    heads = {"Cookie": cookie, "Accept": "application/json" if rest else "text/html"}
    heads |= {"Content-Type": FORM} if rest else {}
    lines = "".join(f'wrk.headers["{key}"] = "{text}"\n' for key, text in heads.items())
    path = folder / f"{name}.lua"
    path.write_text(lines + rest + REPORT)
    return path


def saves(app: Flask, folder: Path) -> str:
    """Start a quiz for several people, and write a script that saves answers to their questions with four options."""
    people = [quiz_of(signed_in_as(app, person)) for person in learners(folder)]
    return SAVES % {"people": ", ".join(one for one in people if one), "module": MODULE}


def learners(folder: Path) -> list[dict[str, str]]:
    """List the address and password of people who are still learning."""
    people = json.loads((folder / "people.json").read_text(encoding="utf-8"))
    return [one for one in people if any(about in one["about"] for about in LEARNERS)]


def quiz_of(browser: FlaskClient) -> str:
    """Start a person's quiz, and render their session and questions for the script; empty if no quiz starts."""
    token = csrf(browser.get("/learn/wishes").get_data(as_text=True))
    browser.post(f"{MODULE}/quiz/start", data={"csrf_token": token})
    found: list[str] = []
    attempt = ""
    for position in range(1, 11):
        page = browser.get(f"{MODULE}/quiz/{position}").get_data(as_text=True)
        if page.count('type="radio"') == 4 and "chosen-0" in page:
            found.append(str(position))
            attempt = value(page, "attempt")
    cookie = browser.get_cookie("ciss")  # it contains the CSRF token
    fields = urlencode({"csrf_token": token, "attempt": attempt, "sequence": 1})
    if not found or not cookie:
        return ""
    return PERSON % {
        "cookie": f"ciss={cookie.value}",
        "fields": fields,
        "positions": ",".join(found),
    }


def spent(server: psutil.Process) -> float:
    """Return the CPU seconds of a server and all its processes."""
    times = [one.cpu_times() for one in [server, *server.children(recursive=True)]]
    return sum(one.user + one.system for one in times)


def once(asked: Asked, connections: int) -> list[float]:
    """Run wrk for some seconds; return requests per second, both percentiles, CPU milliseconds and failures."""
    before = spent(asked.server)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "-s", str(asked.script)]
    said = subprocess.run([*command, asked.address], capture_output=True, text=True, check=True)
    cpu = spent(asked.server) - before
    seen = re.search(r"SEEN (.+)", said.stdout)
    assert seen, said.stdout
    count, seconds, middle, high, failed = (float(one) for one in seen[1].split())
    return [count / seconds, middle, high, cpu * 1000 / count, failed]


def config_of(folder: Path, server: str) -> Config:
    """Return the settings of the demonstration, with its database on the server if one is given."""
    config = _config(folder, OURS)
    return replace(config, database_url=server % "ciss") if server else config


def our_settings(config: Config) -> dict[str, str]:
    """Return settings as environment variables."""
    return {
        "CISS_SECRET_KEY": config.secret_key,
        "CISS_BASE_URL": config.base_url,
        "CISS_DATABASE_URL": config.database_url,
        "CISS_FILES_URL": config.files_url,
        "CISS_MAIL_URL": config.mail_url,
        "CISS_KEYS_DIR": str(config.keys_dir),
        "CISS_CACHE_DIR": str(config.cache_dir),
        "CISS_MODULES_DIR": str(config.modules_dir),
    }


def of_ours(server: psutil.Process, folder: Path, config: Config) -> list[Asked]:
    """List the measurements of our application."""
    app = create_app(config)
    browser = signed_in(app, folder, WHO)
    browser.get("/learn")
    cookie = browser.get_cookie("ciss")
    assert cookie
    look = script(folder, "look", f"ciss={cookie.value}")
    save = script(folder, "save", "", saves(app, folder))
    paths = {"lesson": f"{MODULE}/grooming", "module": MODULE, "overview": "/learn"}
    here = f"http://127.0.0.1:{OURS}"
    pages = [Asked(name, server, here + path, look) for name, path in paths.items()]
    return [*pages, Asked("save an answer", server, here, save)]


def of_theirs(server: psutil.Process, folder: Path) -> list[Asked]:
    """List the measurements of the yardstick: its page, its save, its bare insert."""
    here = f"http://127.0.0.1:{THEIRS}"
    opener = build_opener(cookies := HTTPCookieProcessor())
    opener.open(f"{here}/login", urlencode({"u": "learner1"}).encode())
    cookie = "; ".join(f"{one.name}={one.value}" for one in cookies.cookiejar)
    insert = script(folder, "insert", cookie, 'wrk.method, wrk.body = "POST", "q=1&c=1"\n')
    look = script(folder, "reference", cookie)
    posts = [Asked(name, server, here + name, insert) for name in ("/save", "/rawsave")]
    return [Asked("/page/1", server, f"{here}/page/1", look), *posts]


Row = list[float]


def table(asked: list[Asked]) -> None:
    """Measure in turns, and print the medians and the ratios to the yardstick."""
    heads = ("req/s", "p50 ms", "p95 ms", "CPU ms", "failed", "CPU x", "goal", "req/s x", "goal")
    print(f"{'':20}" + "".join(f"{head:>9}" for head in heads))
    for connections in CONNECTIONS:
        seen: dict[str, list[Row]] = {one.name: [] for one in asked}
        for turn in range(TURNS):
            for one in asked:
                row = once(one, connections)
                if turn:
                    seen[one.name].append(row)
        for name, rows in seen.items():
            speed, middle, high, cpu, _ = (
                statistics.median(one) for one in zip(*rows, strict=True)
            )
            failed = sum(row[-1] for row in rows)
            line = f"c={connections:<2} {name:15}{speed:9.0f}{middle:9.1f}{high:9.1f}{cpu:9.2f}"
            print(f"{line}{failed:9.0f}{ratios(name, seen)}")


def ratios(name: str, seen: dict[str, list[Row]]) -> str:
    """Render the ratios of CPU and requests per second to those of the yardstick in the same turn, and the goals."""
    if name not in GOALS:
        return ""
    other, most, least = GOALS[name]
    pairs = list(zip(seen[name], seen[other], strict=True))
    cpu = statistics.median(ours[3] / theirs[3] for ours, theirs in pairs)
    speed = statistics.median(ours[0] / theirs[0] for ours, theirs in pairs)
    return f"{cpu:9.2f}{most:>9}{speed:9.2f}{least:>9}"


def cpu_of(code: str, folder: Path, settings: dict[str, str]) -> float:
    """Return the CPU seconds of a new process that runs these lines, without those of its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Installed packages are already compiled to bytecode.
    environment = {**os.environ, **settings}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    # The end would free everything in one application and, as it is frozen, next to nothing in the other.
    code += "\nimport os; os._exit(0)"
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def starts(ours_are: dict[str, str], theirs_are: dict[str, str]) -> None:
    """Start both applications in turns, and print how the CPU seconds compare."""
    rows = []
    for turn in range(STARTS + 1):
        theirs = cpu_of("import yardstick", HERE, theirs_are)
        ours = cpu_of("import wsgi", ROOT, ours_are)
        if turn:  # the first run writes bytecode and caches the content
            rows.append((ours, theirs, ours / theirs))
    ours, theirs, ratio = (statistics.median(one) for one in zip(*rows, strict=True))
    print(f"start: {ours:.2f} s CPU, yardstick {theirs:.2f}: x {ratio:.2f} (goal 2.0)")


def memory(server: psutil.Process) -> float:
    """Return the memory of a server and all its processes in MB; shared pages count once."""
    family = [server, *server.children(recursive=True)]
    return sum(one.memory_full_info().pss for one in family) / 1e6


def main(folder: Path, server: str = "") -> None:
    """Run both servers, and compare them."""
    config = config_of(folder, server)
    with create_app(config_of(folder, "")).app_context():
        upgrade()  # a database of an older version must not be served or copied
    if server:
        copy_into(config.database_url, folder, config)
    os.environ["DB"] = server % "yardstick" if server else f"sqlite:///{folder / 'yardstick.db'}"
    importlib.import_module("benchmarks.yardstick")  # creates its database
    settings = {"DB": os.environ["DB"]}
    starts(our_settings(config), settings)
    python = Path(sys.executable)
    bind = ["--bind", f"127.0.0.1:{OURS}", "--workers", "2"]
    ours = [str(python), "-m", "cissapp.cli", "serve", *bind]
    theirs = [str(python.with_name("granian")), "--interface", "wsgi", "--port", str(THEIRS)]
    theirs += ["--workers", "2", "--blocking-threads", "4", "yardstick:app"]
    with (
        serving(ours, ROOT, our_settings(config), OURS) as own,
        serving(theirs, HERE, settings, THEIRS) as other,
    ):
        table([*of_theirs(other, folder), *of_ours(own, folder, config)])
        mine, yard = memory(own), memory(other)
        print(f"memory: {mine:.0f} MB, yardstick {yard:.0f}: x {mine / yard:.2f} (goal 1.7)")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), *sys.argv[2:3])
