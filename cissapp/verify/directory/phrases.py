"""What a head copies from the page to share: the snippet for the site, the sentence, the mail."""

from urllib.parse import quote, urlencode

from flask_babel import gettext as _
from markupsafe import escape
from msgspec import Struct

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.phrases.facts import words_of
from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.content.values import Content


class SharedCertificate(Struct, frozen=True):
    """What the page shows of a certificate that may be shown; `language` is that of the sentence."""

    address: str
    badge_path: str
    snippet: str
    sentence: str
    language: str
    mail: str


def shared_certificate(
    facts: CertificateFacts, content: Content, base_url: str
) -> SharedCertificate:
    """Build what is shared of a certificate, in the certificate's language."""
    words = words_of(facts, content, facts.language)
    code = in_groups(facts.code)
    address, picture = f"{base_url}/verify/{code}", f"/badge/{code}.svg"
    return SharedCertificate(
        address,
        picture,
        badge_snippet(address, f"{base_url}{picture}", _("CISS certificate: its status today")),
        f"{words.finding(facts)} {words.text.not_meaning}",
        words.language,
        mail_link(facts.school_name, address),
    )


def badge_snippet(address: str, badge: str, alt: str) -> str:
    """Render the HTML for the school's site: a badge that links to the check and sends no referrer."""
    return (
        f'<a href="{escape(address)}">'
        f'<img src="{escape(badge)}" alt="{escape(alt)}" height="64" referrerpolicy="no-referrer">'
        "</a>"
    )


def mail_link(school: str, address: str) -> str:
    """Write the link that opens a mail with the address in it."""
    text = _(
        "Our school has a CISS certificate. See what it says and its status today: %(address)s",
        address=address,
    )
    subject = _("CISS certificate of %(school)s", school=school)
    return f"mailto:?{urlencode({'subject': subject, 'body': text}, quote_via=quote)}"
