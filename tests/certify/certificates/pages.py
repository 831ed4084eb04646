"""What the tests of certificates read from pages, and what they let happen to a certificate."""

import re
from html import unescape

from cissapp.certify.certificates import queries, services
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.storage import files
from tests.factories import NOW

REASON = "The designated person left and nobody follows."


def facts_of(response) -> dict[str, str]:
    rows = re.findall(r"(?s)<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", response.get_data(as_text=True))
    return {
        " ".join(unescape(name).split()): " ".join(unescape(value).split()) for name, value in rows
    }


def act(app, certificate, name: str, **values) -> None:
    values |= {"cure_days": 60} if name == "suspend" else {}
    with app.app_context(), unit_of_work():
        getattr(services, name)(
            queries.certificate(certificate.id), reason=REASON, by=SYSTEM, at=NOW, **values
        )


def content_of(app, certificate) -> bytes:
    with app.app_context():
        return files().get(certificate.file_key)
