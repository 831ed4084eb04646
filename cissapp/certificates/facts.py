"""What a certificate certifies: plain values, written once as canonical JSON, hashed and never changed."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from cissapp.certificates.rules import in_groups
from cissapp.core.db import canonical

# A certificate without a drill is written as before there were drills, so that its hash stays.
FORMAT = "ciss-certificate-1"
FORMAT_WITH_DRILL = "ciss-certificate-2"


@dataclass(frozen=True)
class AcceptedDocument:
    """A document that was accepted: which kind, which version, and the hash of its file. No title."""

    evidence_code: str
    version: int
    sha256: str


@dataclass(frozen=True)
class DrillFact:
    """How the newest drill of the reporting mechanism ended.

    `minutes` are working minutes until the message was acknowledged; None, if it never was.
    """

    on: date
    medium: str
    minutes: int | None
    in_time: bool


@dataclass(frozen=True)
class Facts:
    """The certified facts of one certificate. Nothing about a person."""

    number: str
    code: str
    school_name: str
    school_code: str
    locality: str
    country_code: str
    region_code: str
    language: str
    level: int
    module_levels: tuple[tuple[str, float], ...]
    criteria_version: str
    group_name: str
    decided_on: date
    valid_from_on: date
    valid_until_on: date
    documents: tuple[AcceptedDocument, ...]
    dossier_sha256: str
    key_id: str
    base_url: str
    demo: bool
    drill: DrillFact | None = None

    @property
    def address(self) -> str:
        """The page that says what the certificate is worth today."""
        return f"{self.base_url}/verify/{in_groups(self.code)}"

    @property
    def qr_text(self) -> str:
        """The same address, with level and last day in it: a scanner shows them before it opens the page."""
        return f"{self.address}#level-{self.level}-until-{self.valid_until_on.isoformat()}"

    def text(self) -> str:
        """Write the facts as the one text that is hashed."""
        facts = asdict(self)
        if self.drill is None:
            del facts["drill"]
            return canonical({"format": FORMAT, **facts})
        return canonical({"format": FORMAT_WITH_DRILL, **facts})

    @property
    def sha256(self) -> str:
        """The hash of that text; it is printed on the certificate."""
        return hash_of(self.text())


def hash_of(text: str) -> str:
    """Give the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Facts:
    """Read facts back; raise ValueError if the text is not what `Facts.text` writes."""
    try:
        raw = json.loads(text)
        kind = raw.pop("format")
        if kind not in {FORMAT, FORMAT_WITH_DRILL} or (kind == FORMAT_WITH_DRILL) != (
            "drill" in raw
        ):
            raise ValueError("these are no facts of a certificate")
        if "drill" in raw:
            raw["drill"] = DrillFact(
                **{**raw["drill"], "on": date.fromisoformat(raw["drill"]["on"])}
            )
        for name in ("decided_on", "valid_from_on", "valid_until_on"):
            raw[name] = date.fromisoformat(raw[name])
        raw["module_levels"] = tuple(
            (str(name), float(mean)) for name, mean in raw["module_levels"]
        )
        raw["documents"] = tuple(AcceptedDocument(**one) for one in raw["documents"])
        facts = Facts(**raw)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("these are no facts of a certificate") from error
    if facts.text() != text:
        raise ValueError("these facts are not written canonically")
    return facts
