"""Pages of the public check: by the code, by the file, and whether a document is the approved one."""

from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.rules import in_groups, is_code, normalise_code
from cissapp.certify.credentials.rules.addresses import did_of
from cissapp.foundation.access.guard import public
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import Keyring
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.help_lines import show_help_of
from cissapp.foundation.web.limits import limit
from cissapp.verify.verification import phrases
from cissapp.verify.verification.checking import documents, online
from cissapp.verify.verification.checking.results import CheckResult
from cissapp.verify.verification.forms import CertificateCodeForm, CertificateFileForm, PolicyForm
from cissapp.verify.verification.rules import (
    ASKED_AGAIN,
    CheckAnswer,
    DocumentComparison,
    is_sha256,
)

# A whole code with its dashes, and some more.
LONGEST_SHOWN = 60

bp = Blueprint("verification", __name__, template_folder="templates")


def _ring() -> Keyring:
    return keys.load(current_config().keys_dir)


def _expiring_days() -> int:
    return content().standard.decision.validity.expiring_days


def _shown(found: CheckResult, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    _help_of(found)
    shown = phrases.shown_result(found, content(), languages.current())
    return _noted(render_template("verification/verdict.html", shown=shown), status)


def _help_of(found: CheckResult) -> None:
    """Show the help numbers of the certificate's country on the page."""
    show_help_of(found.facts.country_code if found.facts else None)


def _noted(page: str, status: HTTPStatus) -> ResponseReturnValue:
    """Build a response that search engines do not index."""
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _code_form() -> CertificateCodeForm:
    """Read the code from the form, or from the query string."""
    if request.method == "POST":
        return CertificateCodeForm()
    return CertificateCodeForm(formdata=request.args if request.args.get("code") else None)


def _file_form() -> CertificateFileForm:
    return CertificateFileForm(known_at=url_for("verification.verify_hash", sha256=""))


# --- the certificate ---------------------------------------------------------------------------


@bp.route("/verify", methods=["GET", "POST"])
@public
@limit("60 per minute")
@limit("20 per minute", methods=["POST"])
def verify() -> ResponseReturnValue:
    """Check a certificate: by its code, or by the file, which is not kept; a search box elsewhere asks with GET."""
    code, file = _code_form(), _file_form()
    if "file" in request.files:
        if file.validate():
            return _answer_to_file(_by_file(file.given()))
        code = CertificateCodeForm(formdata=None)
    elif (request.method == "POST" or code.code.data) and code.validate():
        address = url_for("verification.verify_code", code=in_groups(code.given()))
        return redirect(address, HTTPStatus.SEE_OTHER)
    return answer("verification/verify.html", code, file=file)


def _answer_to_file(found: CheckResult) -> ResponseReturnValue:
    """Show the answer; for a picture that gave none, show the field for the code again."""
    if found.answer not in ASKED_AGAIN:
        return _shown(found)
    code = CertificateCodeForm(formdata=None, code=in_groups(found.typed))
    return _asked_again(found, code, HTTPStatus.UNPROCESSABLE_ENTITY)


def _asked_again(
    found: CheckResult, code: CertificateCodeForm, status: HTTPStatus
) -> ResponseReturnValue:
    """Show the form again, with what was wrong and what was read or typed."""
    again = phrases.why_again(found)
    if again.at_code:
        code.code.errors = [again.sentence]
    page = render_template("verification/verify.html", form=code, file=_file_form(), again=again)
    return _noted(page, status)


def _by_file(sent: bytes) -> CheckResult:
    return online.check_file(
        sent,
        _ring(),
        at=clock.now(),
        expiring_days=_expiring_days(),
        issuer=did_of(current_config().base_url),
    )


@bp.get("/verify/file/<sha256>")
@public
@limit("60 per minute")
def verify_hash(sha256: str) -> ResponseReturnValue:
    """Check a file whose hash the browser has computed; it need not be sent."""
    if not is_sha256(sha256):
        raise Missing
    found = online.check_hash(
        sha256, _ring(), files(), at=clock.now(), expiring_days=_expiring_days()
    )
    if found is None:
        raise Missing
    return _shown(found)


@bp.get("/verify/<code>")
@public
@limit("60 per minute")
def verify_code(code: str) -> ResponseReturnValue:
    """Show anybody the current status of the certificate with a code."""
    plain = normalise_code(code)
    if is_code(plain) and code != in_groups(plain):
        return redirect(url_for("verification.verify_code", code=in_groups(plain)))
    found = _by_code(code)
    if found.answer is CheckAnswer.MISTYPED:
        form = CertificateCodeForm(formdata=None, code=code[:LONGEST_SHOWN])
        return _asked_again(found, form, HTTPStatus.NOT_FOUND)
    unknown = found.answer is CheckAnswer.NOT_OURS
    return _shown(found, HTTPStatus.NOT_FOUND if unknown else HTTPStatus.OK)


def _by_code(code: str) -> CheckResult:
    return online.check_code(code, _ring(), at=clock.now(), expiring_days=_expiring_days())


# --- the approved text -------------------------------------------------------------------------


@bp.route("/verify/<code>/policy", methods=["GET", "POST"])
@public
@limit("60 per minute")
@limit("10 per minute", methods=["POST"])
def verify_policy(code: str) -> ResponseReturnValue:
    """Check whether a document that a school publishes is the approved one; it is not kept."""
    found, facts = _certified(code)
    form = PolicyForm(known_at=url_for("verification.verify_policy_hash", code=code, sha256=""))
    if form.validate_on_submit():
        return _compared(found, facts, documents.compare_document(form.given(), facts))
    shown = phrases.shown_result(found, content(), languages.current())
    return answer("verification/policy.html", form, shown=shown)


@bp.get("/verify/<code>/policy/<sha256>")
@public
@limit("60 per minute")
def verify_policy_hash(code: str, sha256: str) -> ResponseReturnValue:
    """Show that a document whose hash the browser has computed is the approved file."""
    found, facts = _certified(code)
    compared = documents.compare_hash(sha256, facts)
    if compared is None:
        raise Missing
    return _compared(found, facts, compared)


def _certified(code: str) -> tuple[CheckResult, CertificateFacts]:
    """Find the certificate of a code whose facts may be shown; raise Missing if there is none."""
    found = _by_code(code)
    if found.facts is None:
        raise Missing
    _help_of(found)
    return found, found.facts


def _compared(
    found: CheckResult, facts: CertificateFacts, compared: DocumentComparison
) -> ResponseReturnValue:
    language = languages.current()
    page = render_template(
        "verification/compared.html",
        compared=phrases.shown_comparison(compared, facts, content(), language),
        shown=phrases.shown_result(found, content(), language),
    )
    return _noted(page, HTTPStatus.OK)
