"""Who hears of what does not hang on how the application was started."""

import json
import os
import re
import subprocess
import sys

import pytest

from cissapp.subscriptions import SUBSCRIPTIONS
from config import ROOT

HEARD = """
import json
from cissapp.subscriptions import SUBSCRIPTIONS
print(json.dumps(sorted({
    f"{receiver.__module__}.{receiver.__name__}"
    for signal, _ in SUBSCRIPTIONS for receiver in signal.receivers_for(None)
})))
"""
# Each as a process of its own: what other tests have loaded must not help.
WAYS = {
    "server": "import wsgi",
    "command": "from cissapp.cli import _app\n_app()",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_receiver_is_connected_whichever_way_the_application_starts(
    way: str, tmp_path, shared_folder
):
    settings = {
        "CISS_SECRET_KEY": "9c1d2fd6a4b8e07f35a1c9be7d20468f",
        # What is kept belongs to one key: the servers of other tests find theirs where it was.
        "CISS_CACHE_DIR": str(shared_folder / "cache-of-this-key"),
        "CISS_BASE_URL": "http://ciss.example",
        "CISS_DATABASE_URL": f"sqlite:///{tmp_path}/none.db",
    }
    done = subprocess.run(
        [sys.executable, "-c", WAYS[way] + HEARD],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout.splitlines()[-1]) == sorted(
        {f"{receiver.__module__}.{receiver.__name__}" for _, receiver in SUBSCRIPTIONS}
    )


def test_no_import_connects_a_receiver():
    """A room says what it can hear; only `subscriptions` connects it."""
    connecting = re.compile(r"^@\w[\w.]*\.connect(_via)?\b|^\w[\w.]*\.connect\(", re.MULTILINE)
    found = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "cissapp").rglob("*.py"))
        if connecting.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_every_signal_has_somebody_who_hears_it():
    """A signal is made by one room, for those above it."""
    signals = {
        (str(path.relative_to(ROOT)), name)
        for path in sorted((ROOT / "cissapp").rglob("*.py"))
        for name in re.findall(r"^(\w+) = Signal\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert len(signals) == len({id(signal) for signal, _ in SUBSCRIPTIONS}), signals
