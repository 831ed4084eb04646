"""Pages load and send nothing elsewhere: no template, style sheet or script names another host."""

import re

import pytest

from config import ROOT

# Names of formats that look like addresses; nothing is loaded from them.
FORMATS = re.compile(r"https?://(?:www\.)?(?:w3\.org|schema\.org|ns\.adobe\.com)/\S*")
LOADS = re.compile(
    r"""(?:\b(?:src|srcset|action|formaction|poster|data|background)\s*=\s*["']?"""
    r"""|<link\b[^>]*\bhref\s*=\s*["']?|url\(\s*["']?|@import\s+["']?"""
    r"""|\b(?:fetch|import|importScripts|Worker|EventSource|WebSocket|sendBeacon)\(\s*["'`])"""
    r"""\s*(?:https?:|wss?:)?//""",
    re.IGNORECASE,
)
HOST = re.compile(r"""["'`(](?:https?:|wss?:)?//[\w.-]+\.[a-z]{2,}""", re.IGNORECASE)
FILES = [
    path
    for pattern in ("**/templates/**/*.html", "**/static/**/*.css", "**/static/**/*.js", "**/*.svg")
    for path in sorted((ROOT / "cissapp").glob(pattern))
]


@pytest.mark.parametrize("kind", ["html", "css", "js", "svg"])
def test_no_file_that_a_browser_gets_loads_from_another_host(kind):
    files = [path for path in FILES if path.suffix == f".{kind}"]
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files
        for match in LOADS.finditer(FORMATS.sub("", path.read_text(encoding="utf-8")))
    ]

    assert found == []
    assert files or kind == "svg"


def test_no_script_and_no_style_sheet_knows_another_host():
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in FILES
        if path.suffix in {".css", ".js"}
        for match in HOST.finditer(FORMATS.sub("", path.read_text(encoding="utf-8")))
    ]

    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js">',
        "<img src='//cdn.example/x.png'>",
        '<link rel="stylesheet" href="https://fonts.example/a.css">',
        "a { background: url(https://a.example/x.png) }",
        '@import "//a.example/x.css";',
        "fetch('https://a.example')",
    ],
)
def test_what_loads_is_seen(text):
    assert LOADS.search(text)
