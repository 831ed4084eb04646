"""Many certificates as one ZIP file of a size known beforehand, with one file in memory at a time."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC

from flask_babel import gettext as _
from msgspec import Struct, field
from zipstream import ZipStream

from cissapp.certify.certificates.phrases.statuses import STATUS_NAMES
from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.web import spreadsheets
from cissapp.verify.directory.queries import BulkCertificate

FOLDER, LIST, REPORT = "certificates", "certificates.csv", "report.txt"
# The file ending and the content of an omitted file are as long as those of an included one, so that the
# archive has the announced size and browsers can show progress.
INCLUDED, NOT_INCLUDED = "pdf", "txt"
DIGITS = 6
WHY = {
    "missing": "This certificate is not included: its file is not in the store.\n",
    "damaged": "This certificate is not included: its file was changed after it was signed.\n",
}


class CertificateArchive(Struct):
    """An archive of certificates; `lacking` grows while it is streamed."""

    rows: Sequence[BulkCertificate]
    store: FileStore
    head: Sequence[str]
    states: Sequence[str]
    lacking: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many bytes the archive has, known before a file is read."""
        plan = ZipStream(sized=True)
        for row in self.rows:
            plan.add(iter(()), _path(row, INCLUDED), size=row.file_size)
        for name, content in self._list_and_report():
            plan.add(content, name)
        return len(plan)

    def streamed(self) -> Iterator[bytes]:
        """Stream the archive piece by piece; a missing file becomes a text that says so."""
        archive = ZipStream(sized=True)
        for row in self.rows:
            content, ending = self._read(row)
            archive.add(content, _path(row, ending))
            yield from archive.file()
        for name, content in self._list_and_report():
            archive.add(content, name)
        yield from archive.finalize()

    def _read(self, row: BulkCertificate) -> tuple[bytes, str]:
        try:
            content = self.store.get(row.file_key)
        except OSError:
            return self._lack(row, "missing")
        whole = hashlib.sha256(content).hexdigest() == row.file_sha256
        return (content, INCLUDED) if whole else self._lack(row, "damaged")

    def _lack(self, row: BulkCertificate, why: str) -> tuple[bytes, str]:
        self.lacking[row.number] = why
        return WHY[why].encode().ljust(row.file_size)[: row.file_size], NOT_INCLUDED

    def _list_and_report(self) -> list[tuple[str, bytes]]:
        """Render the list and the report; their length does not depend on what is lacking."""
        return [(LIST, self._list()), (REPORT, self._report().encode())]

    def _report(self) -> str:
        return (
            f"Certificates asked for:     {len(self.rows):{DIGITS}}\n"
            f"Certificates not included:  {len(self.lacking):{DIGITS}}\n\n"
            f"In the place of a certificate that is not included there is a text (.{NOT_INCLUDED})\n"
            f"that says why. {LIST} names that text in the column of files.\n"
        )

    def _list(self) -> bytes:
        return spreadsheets.csv_of(
            self.head,
            (
                [
                    row.number,
                    in_groups(row.code),
                    row.school,
                    row.locality,
                    row.country_code,
                    row.region_code,
                    str(row.level),
                    state,
                    row.valid_from_on.isoformat(),
                    row.valid_until_on.isoformat(),
                    row.issued_at.astimezone(UTC).date().isoformat(),
                    _path(row, NOT_INCLUDED if row.number in self.lacking else INCLUDED),
                    row.file_sha256,
                ]
                for row, state in zip(self.rows, self.states, strict=True)
            ),
        )


def _path(row: BulkCertificate, ending: str) -> str:
    return f"{FOLDER}/{row.number}.{ending}"


def pack_certificates(rows: Sequence[BulkCertificate], store: FileStore) -> CertificateArchive:
    """Build an archive; its texts are translated now, since it is streamed after the request has ended."""
    head = [
        _("Number"),
        _("Code"),
        _("School"),
        _("Place"),
        _("Country"),
        _("Code of the region"),
        _("Level"),
        _("Status"),
        _("Valid from"),
        _("Valid until"),
        _("Issued"),
        _("File"),
        "SHA-256",
    ]
    return CertificateArchive(rows, store, head, [_(STATUS_NAMES[row.status]) for row in rows])
