"""Pages of a learner and saved answers over HTTP, beside a reference application, in turns.

    .venv/bin/ciss demo --no-serve --folder /some/folder
    .venv/bin/python benchmarks/serving.py /some/folder [reference_app.py]

Each server runs with two processes of granian and synchronous=FULL; `wrk` asks with one and with eight
connections, three seconds each, in four turns, of which the first warms up. Prints medians: requests a
second, milliseconds at the 50th and 95th percentile, and CPU milliseconds of all server processes a request.
Saves many answers in the folder: take a copy.
"""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import psutil
from flask.testing import FlaskClient
from learning import MODULE, WHO, csrf, reference, value
from pages import signed_in

from cissapp import create_app
from cissapp.operate.demo.commands import _config
from config import ROOT

OURS, THEIRS = 8151, 8152
TURNS, SECONDS, CONNECTIONS = 3, 2, (1, 8, 64)
FORM = "application/x-www-form-urlencoded"
REPORT = """
done = function(summary, latency)
  local failed = summary.errors.status + summary.errors.read + summary.errors.timeout
  io.write(string.format("SEEN %d %.3f %.3f %.3f %d\\n", summary.requests,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, failed))
end
"""
# Another option each time: the same answer once more would change nothing.
SAVES = """
local turn, positions = math.random(1000), {%(positions)s}
request = function()
  turn = turn + 1
  local chosen = math.floor(turn / #positions) %% 4 + 1
  return wrk.format("POST", "%(module)s/quiz/" .. positions[turn %% #positions + 1], nil,
    "%(fields)s&chosen=" .. chosen)
end
"""


@dataclass(frozen=True)
class Asked:
    """What is asked of which server, and the script that says how."""

    name: str
    server: psutil.Process
    address: str
    script: Path


@contextmanager
def serving(
    command: list[str], folder: Path, settings: dict[str, str], port: int
) -> Iterator[psutil.Process]:
    """Run a server until the end, with all its processes."""
    environment = {"PATH": os.environ["PATH"], **settings}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = psutil.Popen(command, env=environment, cwd=folder, **quiet)
    try:
        for _ in range(200):
            try:
                urlopen(f"http://127.0.0.1:{port}/healthz")
                break
            except OSError as error:
                if isinstance(error, URLError) and "refused" in str(error):
                    time.sleep(0.1)
                    continue
                break  # it answers, if only that it knows no such page
        yield server
    finally:
        for one in [*server.children(recursive=True), server]:
            one.kill()


def script(folder: Path, name: str, cookie: str, rest: str = "") -> Path:
    """Write what wrk is to do."""
    heads = {"Cookie": cookie, "Accept": "application/json" if rest else "text/html"}
    heads |= {"Content-Type": FORM} if rest else {}
    lines = "".join(f'wrk.headers["{key}"] = "{text}"\n' for key, text in heads.items())
    path = folder / f"{name}.lua"
    path.write_text(lines + rest + REPORT)
    return path


def saves(browser: FlaskClient) -> str:
    """Start a quiz, and write how the answers to its questions with four options are saved."""
    token = csrf(browser.get("/learn/wishes").get_data(as_text=True))
    browser.post(f"{MODULE}/quiz/start", data={"csrf_token": token})
    found, attempt = [], ""
    for position in range(1, 11):
        page = browser.get(f"{MODULE}/quiz/{position}").get_data(as_text=True)
        if page.count('type="radio"') == 4 and "chosen-0" in page:
            found, attempt = [*found, str(position)], value(page, "attempt")
    fields = urlencode({"csrf_token": token, "attempt": attempt, "sequence": 1})
    return SAVES % {"positions": ",".join(found), "module": MODULE, "fields": fields}


def spent(server: psutil.Process) -> float:
    """Give the CPU seconds of a server and all its processes."""
    times = [one.cpu_times() for one in [server, *server.children(recursive=True)]]
    return sum(one.user + one.system for one in times)


def once(asked: Asked, connections: int) -> list[float]:
    """Ask for some seconds: requests a second, both percentiles, CPU milliseconds, failures."""
    before = spent(asked.server)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "-s", str(asked.script)]
    said = subprocess.run([*command, asked.address], capture_output=True, text=True, check=True)
    cpu = spent(asked.server) - before
    seen = re.search(r"SEEN (.+)", said.stdout)
    assert seen, said.stdout
    count, seconds, middle, high, failed = (float(one) for one in seen[1].split())
    return [count / seconds, middle, high, cpu * 1000 / count, failed]


def our_settings(folder: Path) -> dict[str, str]:
    """Give the settings of the demonstration."""
    config = _config(folder, OURS)
    return {
        "CISS_SECRET_KEY": config.secret_key,
        "CISS_BASE_URL": config.base_url,
        "CISS_DATABASE_URL": config.database_url,
        "CISS_FILES_URL": config.files_url,
        "CISS_MAIL_URL": config.mail_url,
        "CISS_KEYS_DIR": str(config.keys_dir),
        "CISS_MODULES_DIR": str(config.modules_dir),
    }


def of_ours(server: psutil.Process, folder: Path) -> list[Asked]:
    """List what is asked of us."""
    browser = signed_in(create_app(_config(folder, OURS)), folder, WHO)
    how = saves(browser)  # the token of forms is in the cookie
    cookie = browser.get_cookie("ciss")
    assert cookie
    look = script(folder, "look", f"ciss={cookie.value}")
    save = script(folder, "save", f"ciss={cookie.value}", how)
    paths = {"lesson": f"{MODULE}/grooming", "module": MODULE, "overview": "/learn"}
    here = f"http://127.0.0.1:{OURS}"
    pages = [Asked(name, server, here + path, look) for name, path in paths.items()]
    return [*pages, Asked("save an answer", server, here, save)]


def of_theirs(server: psutil.Process, folder: Path) -> list[Asked]:
    """List what is asked of the reference application: its page, its save, its bare insert."""
    here = f"http://127.0.0.1:{THEIRS}"
    opener = build_opener(cookies := HTTPCookieProcessor())
    opener.open(f"{here}/login", urlencode({"u": "learner1", "p": "Learn3r!x"}).encode())
    cookie = "; ".join(f"{one.name}={one.value}" for one in cookies.cookiejar)
    insert = script(folder, "insert", cookie, 'wrk.method, wrk.body = "POST", "q=1&c=1"\n')
    look = script(folder, "reference", cookie)
    posts = [Asked(name, server, here + name, insert) for name in ("/save", "/rawsave")]
    return [Asked("/page/1", server, f"{here}/page/1", look), *posts]


def table(asked: list[Asked]) -> None:
    """Ask in turns, and print the medians."""
    print(f"{'':4}{'':16}{'req/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'failed':>9}")
    for connections in CONNECTIONS:
        seen: dict[str, list[list[float]]] = {one.name: [] for one in asked}
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
            line = f"c={connections:<2}{name:16}{speed:9.0f}{middle:9.1f}{high:9.1f}{cpu:9.2f}"
            print(f"{line}{failed:9.0f}")


def main(folder: Path, yardstick: Path | None) -> None:
    """Run the servers beside each other."""
    python = Path(sys.executable)
    ours = [
        str(python),
        "-m",
        "cissapp.cli",
        "serve",
        "--bind",
        f"127.0.0.1:{OURS}",
        "--workers",
        "2",
    ]
    with serving(ours, ROOT, our_settings(folder), OURS) as server:
        asked = of_ours(server, folder)
        if yardstick is None:
            table(asked)
            return
        reference(yardstick, folder)  # makes its database
        full = 'event.listen(engine, "connect", lambda one, _: one.execute("PRAGMA synchronous=FULL") and None)'
        copy = folder / "reference_served.py"
        copy.write_text(f"{yardstick.read_text()}\nfrom sqlalchemy import event\n{full}\n")
        theirs = [str(python.with_name("granian")), "--interface", "wsgi", "--port", str(THEIRS)]
        theirs += ["--workers", "2", "--blocking-threads", "4", "reference_served:app"]
        settings = {"DB": f"sqlite:///{folder / 'reference.db'}"}
        with serving(theirs, folder, settings, THEIRS) as other:
            table([*of_theirs(other, folder), *asked])


if __name__ == "__main__":
    given = [Path(one).resolve() for one in sys.argv[1:3]]
    main(given[0], given[1] if len(given) > 1 else None)
