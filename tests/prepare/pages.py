"""Reads the pages of a school as its people do, and uploads a document."""

from io import BytesIO

from tests.pages import tree


def main_of(response):
    return next(tree(response).iter("main"))


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def texts(response, tag, kind=""):
    """The texts of the elements of a page with this class."""
    return (
        [
            text_of(one)
            for one in main_of(response).iter(tag)
            if kind in (one.get("class") or "").split()
        ]
        if kind
        else [text_of(one) for one in main_of(response).iter(tag)]
    )


def tasks(response):
    """The tasks of a page: what, and how far."""
    found = []
    for one in main_of(response).iter("li"):
        if "task" in (one.get("class") or "").split():
            parts = {
                (part.get("class") or "").split()[0]: text_of(part)
                for part in one.iter()
                if part.get("class")
            }
            found.append((parts["task-label"], parts.get("small", ""), parts.get("status", "")))
    return found


def value(response, name):
    for one in main_of(response).iter("input"):
        if one.get("name") == name:
            return one.get("value")
    return None


def said(response):
    """What a notice at the top says after a redirect."""
    return texts(response, "div", "notice")


def upload(browser, raw, name="policy.pdf", address="/school/documents/new", **values):
    data = {
        "title": "Safety policy",
        "evidence_code": "POL",
        "file": (BytesIO(raw), name),
        **values,
    }
    answer = browser.post(address, data=data, content_type="multipart/form-data")
    # The test's browser puts a large body into a temporary file.
    answer.request.environ["wsgi.input"].close()
    return answer


def forms_of(page):
    return list(main_of(page).iter("form"))
