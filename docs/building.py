"""MkDocs hooks: add the documents outside `docs/` to the site, and turn names of documents into links.

Registered under `hooks` in `mkdocs.yml`. The build fails if a page loads anything from another host.
"""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
# Documents elsewhere in the project, with their paths on the site.
BESIDE = {
    "README.md": "project/readme.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
    "SECURITY.md": "project/security.md",
    "modules/README.md": "editors/lessons.md",
    "modules/standard/README.md": "editors/standard.md",
    "modules/benchmarks/README.md": "editors/benchmarks.md",
    "modules/countries/README.md": "editors/countries.md",
}
PLACES = {address: place for place, address in BESIDE.items()}
LINK = re.compile(r"(!?\[[^\]]*\])\(([^)\s:]+?)(#[^)\s]*)?\)")
NAMED = re.compile(r"(?<!\[)`((?:[\w-]+/)*[\w.-]+\.md)`(?!\])")
MARKER = re.compile(r"(?:\d+\.|-) +(?=\S)")
DECISION = re.compile(r"\bADR (\d+)\b(?![^\[]*\])")
LOADED = re.compile(
    r"""<(?:link|script|img|iframe|source|use)\b[^>]*?\b(?:src|href)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//"""
)


def on_files(files: Files, *, config: Any) -> Files:
    """Add the documents outside `docs/`."""
    for place, address in BESIDE.items():
        files.append(File.generated(config, address, content=(ROOT / place).read_text("utf-8")))
    return files


def on_page_markdown(markdown: str, *, page: Any, files: Files, **_more: Any) -> str:
    """Point links to where documents are on the site, and turn names of documents into links."""
    address = page.file.src_uri
    folder = posixpath.dirname(PLACES.get(address, f"docs/{address}"))

    def link_to(place: str) -> str | None:
        found = BESIDE.get(place, place.removeprefix("docs/"))
        if files.get_file_from_path(found) is None:
            return None
        return posixpath.relpath(found, posixpath.dirname(address) or ".")

    def moved(match: re.Match[str]) -> str:
        place = posixpath.normpath(posixpath.join(folder, match[2]))
        return f"{match[1]}({link_to(place) or match[2]}{match[3] or ''})"

    def linked(match: re.Match[str]) -> str:
        link = link_to(match[1])
        return f"[{match[0]}]({link})" if link else match[0]

    def decided(match: re.Match[str]) -> str:
        found = [one.src_uri for one in files if one.src_uri.startswith(f"adr/{match[1]:0>4}-")]
        return f"[{match[0]}]({link_to(found[0])})" if found else match[0]

    lines, fenced = [], False
    for line in markdown.splitlines():
        fenced ^= line.lstrip().startswith("```")
        is_text = not fenced and not line.startswith(("    ", "#", "```"))
        lines.append(
            DECISION.sub(decided, NAMED.sub(linked, LINK.sub(moved, line))) if is_text else line
        )
    return "\n".join(_indented(lines))


def _indented(lines: list[str]) -> Iterator[str]:
    """Indent the continuation of list items by four, and put a blank line before lists: MkDocs needs both."""
    width, before = 0, ""
    for line in lines:
        marker = MARKER.match(line)
        if marker:
            if before.strip() and not MARKER.match(before):
                yield ""
            width = len(marker[0])
        elif line.strip() and not line.startswith(" " * max(width, 1)):
            width = 0
        yield " " * (4 - width) + line if width and not marker and line.strip() else line
        before = line


def on_post_build(*, config: Any, **_more: Any) -> None:
    """Raise `PluginError` if any page loads anything from another host."""
    loading = [
        str(path.relative_to(config["site_dir"]))
        for path in sorted(Path(config["site_dir"]).rglob("*"))
        if path.suffix in {".html", ".css"} and LOADED.search(path.read_text("utf-8"))
    ]
    if loading:
        raise PluginError(f"loads from another host: {', '.join(loading)}")
