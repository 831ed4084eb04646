"""What is to be restored, and what was found before anything was written."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, field

from cissapp.certify.transparency.rules.integrity import TrustedKeys
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.signing.keys import Keyring
from cissapp.operate.backups.archive import encryption
from cissapp.operate.backups.archive.places import Place
from cissapp.operate.backups.rules import Manifest
from cissapp.operate.backups.services.published import Published
from cissapp.operate.backups.services.removals import Removed
from cissapp.oversee.personal_data.services.repeating import KeptErasure
from config import Config


class RestoreOrder(Struct, frozen=True):
    """Which backup to bring back, with which key, and what was decided about it."""

    place: Place
    name: str
    identities: Sequence[encryption.Identity]
    published: str | None = None
    removals: str | None = None
    erasures: str | None = None
    seal: str | None = None
    foreign: bool = False
    replace: bool = False
    accept_loss: bool = False
    accept_unproven: bool = False
    accept_faults: bool = False
    new_passwords: bool = False


class RestoreJob(Struct):
    """A restore under way: what was found before anything was written."""

    order: RestoreOrder
    config: Config
    store: FileStore
    manifest: Manifest
    ring: Keyring
    trusted: TrustedKeys
    published: Published | None
    removed: list[Removed]
    erased: list[KeptErasure] | None
    at: datetime
    notes: list[str] = field(default_factory=list)
