"""What every page is given for its frame is not given again by a page: it would change the frame."""

import ast
from collections.abc import Iterator

from config import ROOT

OF_THE_FRAME = {"demo", "navigation", "person_mark", "person_unknown", "place", "preview"}
OF_THE_FRAME |= {"unread_notices"}
RENDERS = {"answer", "render_template"}
# The room that counts notices gives their number to the frame; two pages for strangers say that nobody is signed in.
ON_PURPOSE = {
    ("cissapp/people/notices/views.py", "unread_notices"),
    ("cissapp/prepare/awareness/views/pupils.py", "person_mark"),
    ("cissapp/prepare/posters/views/spot.py", "person_mark"),
}


def given() -> Iterator[tuple[str, str]]:
    """Yield file and name of everything that a view gives to a page, also by way of a dictionary it returns."""
    for path in sorted((ROOT / "cissapp").glob("*/*/views*")):
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                name = str(file.relative_to(ROOT))
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RENDERS:
                    yield from ((name, one.arg) for one in node.keywords if one.arg)
                if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
                    keys = (one.value for one in node.value.keys if isinstance(one, ast.Constant))
                    yield from ((name, one) for one in keys)


def test_no_page_gives_a_name_of_the_frame():
    assert {one for one in given() if one[1] in OF_THE_FRAME} == ON_PURPOSE
