"""Builds the application: parts first, then rooms."""

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from cissapp import database_versions
from cissapp.certify.certificates.views import bp as certificates
from cissapp.certify.credentials.views import bp as credentials
from cissapp.certify.transparency.views import bp as transparency
from cissapp.certify.upkeep.views import bp as upkeep
from cissapp.foundation.access import guard
from cissapp.foundation.content.installed import EXTENSION
from cissapp.foundation.content.kept import KeptContent
from cissapp.foundation.content.loader import load
from cissapp.foundation.core import db, mail, replica, storage
from cissapp.foundation.core.engines.json_columns import column_json
from cissapp.foundation.core.engines.waiting import server_options
from cissapp.foundation.core.installation import readiness, secret_keys
from cissapp.foundation.safeguards import watcher
from cissapp.foundation.web import (
    assets,
    context,
    errors,
    filters,
    headers,
    languages,
    limits,
    lost_commits,
    origin,
    overload,
    path_texts,
    request_lines,
)
from cissapp.foundation.web.late_rules import LateRule
from cissapp.foundation.web.separators import SeparatorsEndLines
from cissapp.learn.learning.views import bp as learning
from cissapp.learn.learning.views import worker
from cissapp.learn.statements.views import bp as statements
from cissapp.learn.translation.views import bp as translation
from cissapp.oversee.api.views import bp as api
from cissapp.oversee.evaluation.views import bp as evaluation
from cissapp.oversee.oversight.views import bp as oversight
from cissapp.oversee.personal_data.views import bp as personal_data
from cissapp.oversee.trail.views import bp as trail
from cissapp.oversee.work.views import bp as work
from cissapp.people.accounts import sessions
from cissapp.people.accounts.views import bp as accounts
from cissapp.people.deadlines.views import bp as deadlines
from cissapp.people.drafts import keeping
from cissapp.people.drafts.views import bp as drafts
from cissapp.people.enrolment.views import bp as enrolment
from cissapp.people.factors import asking
from cissapp.people.factors.views import bp as factors
from cissapp.people.guide.views import bp as guide
from cissapp.people.handover.views import bp as handover
from cissapp.people.home.views import bp as home
from cissapp.people.joining.views import bp as joining
from cissapp.people.notices.views import bp as notices
from cissapp.people.school_lists.views import bp as school_lists
from cissapp.people.sign_on.views import bp as sign_on
from cissapp.prepare.acknowledgements.views import bp as acknowledgements
from cissapp.prepare.applications.views import bp as applications
from cissapp.prepare.assessment.views import bp as assessment
from cissapp.prepare.awareness.views import bp as awareness
from cissapp.prepare.documents.views import bp as documents
from cissapp.prepare.drills.views import bp as drills
from cissapp.prepare.facts.views import bp as facts
from cissapp.prepare.mechanism.views import bp as mechanism
from cissapp.prepare.plan.views import bp as plan
from cissapp.prepare.policy.views import bp as policy
from cissapp.prepare.posters.views import bp as posters
from cissapp.prepare.reporting_page.views import bp as reporting_page
from cissapp.prepare.toolkit.views import bp as toolkit
from cissapp.review.appeals.views import bp as appeals
from cissapp.review.briefs.views import bp as briefs
from cissapp.review.calibration.views import bp as calibration
from cissapp.review.complaints.views import bp as complaints
from cissapp.review.discussions.views import bp as discussions
from cissapp.review.followup.views import bp as followup
from cissapp.review.history.views import bp as history
from cissapp.review.independence.views import bp as independence
from cissapp.review.mentoring.views import bp as mentoring
from cissapp.review.messages.views import bp as messages
from cissapp.review.reviews.views import bp as reviews
from cissapp.review.visits.views import bp as visits
from cissapp.subscriptions import subscribe
from cissapp.verify.directory.views import bp as directory
from cissapp.verify.verification.views import bp as verification
from cissapp.verify.verifier.views import bp as verifier
from config import MIGRATIONS, Config

ROOMS = [
    accounts,
    acknowledgements,
    api,
    appeals,
    applications,
    assessment,
    awareness,
    briefs,
    calibration,
    certificates,
    complaints,
    credentials,
    deadlines,
    directory,
    discussions,
    documents,
    drafts,
    drills,
    enrolment,
    school_lists,
    evaluation,
    trail,
    factors,
    facts,
    guide,
    followup,
    handover,
    history,
    home,
    independence,
    joining,
    learning,
    mechanism,
    mentoring,
    messages,
    notices,
    oversight,
    personal_data,
    plan,
    posters,
    policy,
    reporting_page,
    reviews,
    sign_on,
    statements,
    toolkit,
    translation,
    transparency,
    upkeep,
    verification,
    verifier,
    work,
    visits,
    worker,
]

UPLOAD_BYTES = 12_000_000
FORM_BYTES = 256_000
# One per concurrent request: opening a connection takes longer than most requests.
CONNECTIONS = 8
# A database whose host is gone stays silent: its connections are given up after some 25 seconds.
NOTICE_SILENCE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}


def create_app(config: Config) -> Flask:
    """Build the application: parts first, then rooms; refuse to start on broken content or an open route."""
    app = db.TransactionalFlask(
        __name__, template_folder=str(assets.TEMPLATES), static_folder=str(assets.STATIC)
    )
    app.url_rule_class = LateRule
    path_texts.init_app(app)
    _configure(app, config)
    request_lines.init_app(app)  # the first: it goes around all others
    _connect(app, config)
    origin.FormTokens(app)
    app.extensions[EXTENSION] = load(config.modules_dir, _kept(config))
    sessions.init_app(app)
    languages.know(app.extensions[EXTENSION].languages)
    languages.init_app(app, context.time_zone)
    _around_pages(app, config)
    watcher.init_app(app)
    keeping.init_app(app)
    asking.init_app(app)
    subscribe()
    for room in ROOMS:
        app.register_blueprint(room)
    guard.check_all(app)
    return app


def _connect(app: Flask, config: Config) -> None:
    """Connect the services outside the process: databases, files, mail."""
    db.init_app(app)
    database_versions.init_app(app, MIGRATIONS)
    replica.init_app(app, config.replica_url, _engine_options(config.replica_url))
    storage.init_app(app, config.files_url, config.s3_settings)
    mail.init_app(app, config.mail_url, config.mail_from)
    readiness.init_app(app, config.limits_url, config.queue_url)


def _around_pages(app: Flask, config: Config) -> None:
    """Set up what every request and every response passes through."""
    filters.init_app(app)
    errors.init_app(app)
    assets.init_app(app)
    headers.init_app(app, secure=config.secure)
    limits.init_app(app, config.limits_url)
    lost_commits.init_app(app)
    origin.init_app(app)
    context.init_app(app, demo=config.demo)
    overload.init_app(app)


def _kept(config: Config) -> KeptContent | None:
    """Return the cache of content between two starts, signed with the secret of the installation."""
    if config.cache_dir is None:
        return None
    return KeptContent(config.cache_dir, config.secret_key.encode())


def _configure(app: Flask, config: Config) -> None:
    """Pass the settings to Flask; cookies are bound to HTTPS if the address is."""
    app.testing = config.testing
    secret_keys.init_app(app, config.secret_key, config.secret_key_old)
    app.config.update(
        CISS=config,
        BASE_URL=config.base_url,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(config.database_url),
        SESSION_COOKIE_NAME="__Host-ciss" if config.secure else "ciss",
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=24),
        MAX_CONTENT_LENGTH=UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=300,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_env.lstrip_blocks = True  # a third of a page was blanks before block tags
    app.jinja_env.add_extension(SeparatorsEndLines)
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def _engine_options(url: str) -> dict[str, object]:
    # Row values must not appear in any log.
    kept: dict[str, object] = {"hide_parameters": True, "json_serializer": column_json}
    # An in-memory database has a single connection.
    if url not in {"sqlite://", "sqlite:///:memory:"}:
        kept["pool_size"] = CONNECTIONS
    if url.startswith("sqlite"):
        return kept
    options = {"options": server_options(), "connect_timeout": 5, **NOTICE_SILENCE}
    return {**kept, "connect_args": options}
