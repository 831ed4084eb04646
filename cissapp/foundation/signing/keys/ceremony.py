"""Creates a key when the root is on another machine: request it here, sign there, accept it here.

`docs/keys.md` describes the procedure for the people who carry it out.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec.structs import replace

from cissapp.foundation.signing.keys import (
    files,
    keys_file,
    lifecycle,
    private,
    requests,
    x509_certificates,
)
from cissapp.foundation.signing.keys.endorsements import fingerprint
from cissapp.foundation.signing.keys.errors import BrokenKeys, NoKeys
from cissapp.foundation.signing.keys.multibase import multibase
from cissapp.foundation.signing.keys.requests import KeyAnswer, KeyRequest, ProvenKey
from cissapp.foundation.signing.keys.ring import PublicKey
from cissapp.foundation.signing.keys.token_place import TokenPlace

# Separators that people may write in the fingerprint of a root on paper.
BLANKS = str.maketrans("", "", " :-\n")
GROUP = 4


def read_out(print_: str) -> str:
    """Write a fingerprint as it is read out: in groups of four."""
    return " ".join(print_[start : start + GROUP] for start in range(0, len(print_), GROUP))


def ask(
    folder: Path,
    *,
    organisation: str,
    at: datetime,
    group: str | None = None,
    log_name: str = lifecycle.LOG_NAME,
    place: Callable[[str], TokenPlace] | None = None,
) -> KeyRequest:
    """Generate a key and write the request for it; the private part stays here or in a token.

    `place` maps the name of the key to the place in a token that is to hold its P-256 part.
    """
    files.make_folder(folder)
    with files.one_at_a_time(folder):
        ring = keys_file.load(folder)
        key_id = lifecycle.next_id(folder, ring, at=at, group=group)
        pdf_key = _in_token(folder, key_id, place(key_id)) if place else _in_file(folder, key_id)
        credential_key = Ed25519PrivateKey.generate()
        files.write(private.credential_path(folder, key_id), private.pem(credential_key))
        signing_request = x509_certificates.signing_request(
            pdf_key, key_id=key_id, organisation=organisation
        )
        about = signing_request.public_bytes(Encoding.PEM).decode()
        log = None if ring.log else ProvenKey.of(lifecycle.log_part(folder), about)
        credential = ProvenKey.of(credential_key, about)
        request = KeyRequest(
            key_id, group, signing_request, credential, log_name if log else None, log
        )
        files.write(_asked(folder, key_id), request.text().encode())
    return request


def _in_file(folder: Path, key_id: str) -> ec.EllipticCurvePrivateKey:
    drawn = x509_certificates.new_p256()
    files.write(private.pdf_path(folder, key_id), private.pem(drawn))
    return drawn


def _in_token(folder: Path, key_id: str, place: TokenPlace) -> ec.EllipticCurvePrivateKey:
    drawn = private.draw_in_token(place)
    files.write(private.token_path(folder, key_id), place.text().encode())
    return drawn


def _asked(folder: Path, key_id: str) -> Path:
    return folder / f"{key_id}.request.json"


def _signed(folder: Path, key_id: str) -> Path:
    return folder / f"{key_id}.answer.json"


# --- where the root is --------------------------------------------------------------------------


def new_root(
    folder: Path, *, organisation: str, at: datetime, passphrase: str = ""
) -> x509.Certificate:
    """Create a root in a folder that has none."""
    files.make_folder(folder)
    with files.one_at_a_time(folder):
        if (folder / lifecycle.ROOT_KEY).exists() or (folder / keys_file.ROOT).exists():
            raise NoKeys(f"There is already a root in {folder}.")
        return lifecycle.create_root(
            folder, organisation=organisation, at=at, passphrase=passphrase
        )


def try_root(folder: Path, passphrase: str = "") -> x509.Certificate:
    """Open a root and make one trial signature, to check that this copy of it works."""
    files.refuse_exposed(folder)
    root, root_key = lifecycle.load_root(folder, passphrase)
    word = multibase(Ed25519PrivateKey.generate().public_key())
    tried = lifecycle.endorsed_log("trial", word, root, root_key)
    tried.endorsement.refuse_wrong(tried.endorsement.statement, root)
    return root


def answer(request: KeyRequest, folder: Path, *, at: datetime, passphrase: str = "") -> KeyAnswer:
    """Sign a request with the root; the same request gives the same answer again.

    The answers stay beside the root: they are its list of what it vouched for.
    """
    with files.one_at_a_time(folder):
        files.refuse_exposed(folder)
        root, root_key = lifecycle.load_root(folder, passphrase)
        if _signed(folder, request.id).is_file():
            return _again(request, folder)
        if at >= root.not_valid_after_utc:
            raise NoKeys("The root has expired. Make a new one with `ciss keys root`.")
        certificate = x509_certificates.issuing_certificate(
            request.pdf_key,
            key_id=request.id,
            organisation=request.organisation,
            root=root,
            root_key=root_key,
            at=at,
        )
        word = request.credential.multibase
        made = lifecycle.endorsed(
            request.id, certificate, word, group=request.group, root=root, root_key=root_key
        )
        log = None
        if request.log and request.log_name:
            log = lifecycle.endorsed_log(request.log_name, request.log.multibase, root, root_key)
        given = KeyAnswer(made, log)
        files.write(_signed(folder, request.id), given.text().encode())
    return given


def _again(request: KeyRequest, folder: Path) -> KeyAnswer:
    given = requests.read_answer(_signed(folder, request.id).read_text("utf-8"))
    if not _belong(given, request):
        raise NoKeys(f"The root has already signed a different key named {request.id}.")
    return given


def _belong(given: KeyAnswer, request: KeyRequest) -> bool:
    asked_log = (request.log_name, request.log.multibase) if request.log else None
    given_log = (given.log.name, given.log.multibase) if given.log else None
    return (
        given.key.id == request.id
        and given.key.group == request.group
        and given.key.certificate.public_key() == request.pdf_key
        and given.key.multibase == request.credential.multibase
        and given_log == asked_log
        and (given.log is None or given.log.root == given.key.root)
    )


# --- back where the key is ----------------------------------------------------------------------


def accept(folder: Path, text: str, *, at: datetime, root_sha256: str = "") -> PublicKey:
    """Accept a key that the root vouched for, after checking all that can be checked.

    `root_sha256` is the fingerprint of the root from the paper; it is needed the first time.
    """
    given = requests.read_answer(text)
    with files.one_at_a_time(folder):
        ring = keys_file.load(folder)
        if ring.by_id(given.key.id):
            raise NoKeys(f"Key {given.key.id} is already in use.")
        asked = _asked(folder, given.key.id)
        if not asked.is_file():
            raise NoKeys(f"Key {given.key.id} was not requested here.")
        if not _belong(given, requests.read_request(asked.read_text("utf-8"))):
            raise BrokenKeys("This answer is for another request.")
        _refuse_unfit(given.key, at)
        private.refuse_exposed(folder, given.key.id)
        private.refuse_foreign(folder, given.key.id, given.key.certificate, given.key.ed25519)
        _pin(folder, given.key.root, root_sha256)
        path = folder / f"{given.key.id}.pem"
        files.replace(path, given.key.certificate.public_bytes(Encoding.PEM))
        lifecycle.publish(
            folder, replace(ring, keys=(*ring.keys, given.key), log=ring.log or given.log)
        )
        asked.unlink()
    return given.key


def _refuse_unfit(key: PublicKey, at: datetime) -> None:
    if key.until_at <= at:
        raise BrokenKeys(f"The certificate of key {key.id} has expired.")
    try:
        usage = key.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        vouches = key.root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        key.root.verify_directly_issued_by(key.root)
    except (x509.ExtensionNotFound, InvalidSignature, ValueError, TypeError):
        vouches, usage = False, None
    if not vouches or not usage or usage.key_cert_sign or not usage.digital_signature:
        raise BrokenKeys(f"The certificate of key {key.id} is not of the requested kind.")


def _pin(folder: Path, root: x509.Certificate, typed: str) -> None:
    """Trust the root that is trusted already, or whose fingerprint was typed from the paper."""
    found, wanted = fingerprint(root), typed.translate(BLANKS).lower()
    if wanted and wanted != found:
        raise BrokenKeys("The answer is from a different root than the one on your paper.")
    if found in {fingerprint(one) for one in keys_file.roots(folder)}:
        return
    if not wanted:
        raise BrokenKeys(
            f"The root {read_out(found)} is unknown here. Compare it with the fingerprint on your"
            " paper. If it is the same, add --root and that fingerprint."
        )
    if (folder / keys_file.ROOT).exists():
        lifecycle.trust(folder, root)
    else:
        lifecycle.trust_all(folder, keys_file.load(folder))
        files.replace(folder / keys_file.ROOT, root.public_bytes(Encoding.PEM))
