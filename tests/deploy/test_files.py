"""What lies in `deploy/` fits the application: files that the guide names, commands that units call, settings, limits."""

import re
import shutil
import subprocess
from itertools import count

import pytest
import yaml

from cissapp import cli
from cissapp.factory import UPLOAD_BYTES
from config import ROOT

DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SERVICES = ("ciss-worker", "ciss-beside")  # they run until they are stopped
JOBS = [
    one
    for one in UNITS
    if one.stem.startswith("ciss-") and "@" not in one.name and one.stem not in SERVICES
]


def test_every_file_that_the_guide_names_is_there():
    named = {one.rstrip(".,") for one in re.findall(r"deploy/[\w./-]+", GUIDE)}

    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []


def test_the_guide_asks_for_nothing_that_a_bare_debian_lacks():
    typed = re.findall(r"^(?:   )?    (\S.*)", GUIDE, re.MULTILINE)

    assert [one for one in typed if re.search(r"\b(sudo|curl|wget)\b", one)] == []
    for line in typed:
        made = re.search(
            r"install (.*)-m 644 deploy/systemd/\S+ /etc/(sysusers|tmpfiles)\.d/", line
        )
        assert not made or made[1] == "-D "


@pytest.mark.parametrize(
    "unit",
    [*JOBS, *(DEPLOY / "systemd" / f"{name}.service" for name in ("ciss", *SERVICES))],
    ids=lambda one: one.name,
)
def test_a_unit_calls_a_command_that_there_is_and_may_do_little(unit):
    text = unit.read_text(encoding="utf-8")

    called = re.findall(r"/opt/ciss/\.venv/bin/ciss (\w+)", text)
    assert called
    assert set(called) <= cli.COMMANDS.keys()
    for line in (
        "User=ciss",
        "EnvironmentFile=/etc/ciss/settings.env",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "InaccessiblePaths=-/opt/ciss/.git",
        "CapabilityBoundingSet=",
    ):
        assert f"\n{line}\n" in text


def test_the_second_service_is_the_first_with_another_port_and_the_proxy_knows_both():
    first, beside = (
        (DEPLOY / "systemd" / f"{name}.service").read_text("utf-8")
        for name in ("ciss", "ciss-beside")
    )
    proxy = (DEPLOY / "nginx-ciss.conf").read_text("utf-8")

    told = ("#", "Description=")
    expected = first.partition("\n[Install]")[0].replace("8000", "8001").splitlines()
    assert [one for one in beside.splitlines() if not one.startswith(told)] == [
        one for one in expected if not one.startswith(told)
    ]
    for unit, port, role in ((first, "8000", ""), (beside, "8001", " backup")):
        assert f"--bind 127.0.0.1:{port}\n" in unit
        assert f">/dev/tcp/127.0.0.1/{port};" in unit
        assert f"server 127.0.0.1:{port}{role} max_fails=0;" in proxy


def test_each_job_has_its_time_and_says_when_it_failed():
    for unit in JOBS:
        assert unit.with_suffix(".timer").exists()
        assert "OnFailure=ciss-failed@%n.service" in unit.read_text(encoding="utf-8")


def test_the_proxy_takes_what_the_application_takes_and_adds_no_header():
    text = (DEPLOY / "nginx-ciss.conf").read_text(encoding="utf-8")

    assert f"client_max_body_size {UPLOAD_BYTES // 1_000_000}m;" in text
    assert re.findall(r"add_header.*", text) == ["add_header Retry-After 5 always;"]
    assert "X-Forwarded-For $remote_addr;" in text
    for closed in ("/metrics", "/readyz"):
        assert f"location = {closed} {{ return 404; }}" in text


def test_the_proxy_speaks_new_tls_alone_and_leads_no_program_from_http():
    for name in ("nginx-ciss.conf", "nginx-balancer.conf"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (ciphers,) = re.findall(r"ssl_ciphers (\S+);", text)

        assert "ssl_protocols TLSv1.2 TLSv1.3;" in text
        assert "location = /metrics { return 404; }" in text
        assert [
            one for one in ciphers.split(":") if not re.match(r"ECDHE-.*(GCM|CHACHA20)", one)
        ] == []
    plain, _, _ = (DEPLOY / "nginx-ciss.conf").read_text("utf-8").partition("listen 443")
    assert "location /api/v1/ { return 403; }" in plain


def test_the_proxy_writes_no_address_of_a_page_or_a_reader():
    """Below `crit`, each line has the request: a search, or the token of a link in an email."""
    for name in ("nginx-ciss.conf", "nginx-balancer.conf"):
        _, *servers = (DEPLOY / name).read_text(encoding="utf-8").split("\nserver {")

        assert all("\n    access_log off;" in server for server in servers)
        assert [re.findall(r"error_log \S+ (\w+);", server) for server in servers] == [
            ["crit"] for _ in servers
        ]


# Where nginx writes what is too large for its memory.
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@pytest.mark.skipif(not shutil.which("nginx"), reason="needs nginx, which .ci/run installs")
@pytest.mark.parametrize("name", ["nginx-ciss.conf", "nginx-balancer.conf"])
def test_nginx_accepts_the_settings_as_they_are_shipped(name, tmp_path):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    # Without what only the machine has: certificates, its ports (of IPv6 as well), and the right to its folders.
    ours = re.sub(r"\n +(?:ssl_certificate|error_log).*", "", text)
    numbers = count()
    ours = re.sub(r"\blisten [^;]+;", lambda _port: f"listen unix:{next(numbers)};", ours)
    folders = "".join(f"{one}_temp_path {one};" for one in TEMPORARY)
    head = f"pid pid; error_log log; events {{}}\nhttp {{\n{folders}\n"
    (tmp_path / "nginx.conf").write_text(f"{head}{ours}}}\n", encoding="utf-8")

    asked = ["nginx", "-t", "-e", "log", "-c", f"{tmp_path}/nginx.conf", "-p", f"{tmp_path}"]
    said = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stderr


def test_the_container_keeps_temporary_files_on_a_volume():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    service = compose["services"]["ciss"]
    mounted = dict(reversed(one.split(":")) for one in service["volumes"])

    assert mounted[service["environment"]["TMPDIR"]] in compose["volumes"]


def test_no_tool_takes_secrets_into_an_image():
    podman, docker = (
        (ROOT / name).read_text("utf-8") for name in (".containerignore", ".dockerignore")
    )

    assert podman == docker
    assert {"instance", "deploy/database_password", ".git", ".venv*"} <= set(podman.split("\n"))


def test_alerts_ask_for_figures_that_there_are():
    asked = re.findall(r"\bciss_\w+", (DEPLOY / "prometheus" / "ciss-alerts.yml").read_text())
    code = "".join(path.read_text("utf-8") for path in (ROOT / "cissapp").rglob("*.py"))

    # The figures of a run are named after it.
    known = (one.removesuffix("_total") for one in asked)
    of_runs = re.compile(r"_(last_run_timestamp_seconds|failed_jobs)$")
    assert [
        one
        for one in known
        if f'"{one}"' not in code
        and not (of_runs.search(one) and f'"{of_runs.sub("", one)}"' in code)
    ] == []
    for name in re.findall(
        r"alert: (\w+)", (DEPLOY / "prometheus" / "ciss-alerts.yml").read_text()
    ):
        assert f"| {name} |" in GUIDE
