"""The page from which a head shares the school's certificate."""

from flask import render_template
from flask.typing import ResponseReturnValue

from cissapp.certify.certificates import queries as certificates
from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.signing import keys
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.verify.directory import phrases
from cissapp.verify.directory.views.blueprint import bp, list_day
from cissapp.verify.verification.checking import online


@bp.get("/school/certificate/share")
@permit(Permission.CERTIFICATE_READ, of=own_school)
def share(school: School) -> ResponseReturnValue:
    """Show what to copy and what one may claim with it; nothing if the certificate may not be shown."""
    certificate = certificates.in_use(school.id, clock.today())
    found = None
    if certificate:
        found = online.check_code(
            certificate.code,
            keys.load(current_config().keys_dir),
            at=clock.now(),
            expiring_days=list_day().expiring_days,
        )
    facts = found.facts if found and found.good else None
    shared = (
        phrases.shared_certificate(facts, content(), current_config().base_url) if facts else None
    )
    return render_template("directory/share.html", shared=shared)
