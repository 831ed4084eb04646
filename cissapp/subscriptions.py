"""Signal subscriptions: every signal with its receivers, connected when the application is built.

A receiver connected on import of its own module would miss signals in a process that does not import it.
"""

from collections.abc import Callable
from typing import Any

from blinker import Signal

from cissapp.certify.certificates.queries.impartiality import involvement_asked
from cissapp.certify.certificates.services import publishing
from cissapp.certify.certificates.services.publishing import files_made
from cissapp.certify.certificates.services.register import entered
from cissapp.certify.certificates.services.standings import school_expired
from cissapp.certify.certificates.services.suspensions import withdraw_confirmed
from cissapp.certify.credentials.services import register_events as credentials
from cissapp.certify.credentials.services.credentials import sign_ahead
from cissapp.certify.transparency import services as transparency
from cissapp.certify.upkeep import mails as upkeep_mails
from cissapp.certify.upkeep.queries import plan_dates as upkeep_dates
from cissapp.certify.upkeep.services.quorum_gaps import update_quorum_of_person
from cissapp.foundation.audit.services import recorded
from cissapp.foundation.background.rules import TaskKind
from cissapp.foundation.background.services import bell, registry, tasks
from cissapp.foundation.background.services.registry import Handler, Look
from cissapp.learn.learning.services import module_passed
from cissapp.learn.learning.services.training import (
    end_training_after_merge,
    end_training_by_duty,
    follow_joined,
)
from cissapp.oversee.api.services import sending as webhook_sending
from cissapp.oversee.api.services import tokens as api_tokens
from cissapp.oversee.api.services import webhooks
from cissapp.oversee.figures.services import month_frozen
from cissapp.oversee.personal_data.services import requests as erasures
from cissapp.people.accounts.services import resets, second_proof_asked
from cissapp.people.accounts.services.joining import person_joined
from cissapp.people.accounts.services.people import duty_changed, person_left, region_changed
from cissapp.people.accounts.services.restoring import address_restored
from cissapp.people.accounts.services.sessions import ways_in_asked, ways_to_join_asked
from cissapp.people.deadlines.queries import entries_asked
from cissapp.people.deadlines.services.feeds import end_feed_of
from cissapp.people.drafts import services as drafts
from cissapp.people.factors import services as factors
from cissapp.people.factors.asking import second_proof_of_kept
from cissapp.people.factors.phrases import way_to_confirm
from cissapp.people.handover import services as handover
from cissapp.people.handover.services.proposals import act_confirmed
from cissapp.people.notices import services as notices
from cissapp.people.school_lists.services import turns as school_lists
from cissapp.people.school_lists.services.merging import schools_merged
from cissapp.people.sign_on.phrases import ways_in, ways_to_join
from cissapp.prepare.applications.queries.last_round import answers_other_version, last_answer
from cissapp.prepare.applications.queries.standards import running_version
from cissapp.prepare.applications.services.submission import round_submitted
from cissapp.prepare.applications.services.transitions import application_moved
from cissapp.prepare.assessment import services as assessment
from cissapp.prepare.assessment.queries import (
    evidence_asked,
    last_answer_asked,
    other_version_asked,
    version_asked,
)
from cissapp.prepare.awareness import queries as awareness
from cissapp.prepare.documents.services import pictures
from cissapp.prepare.documents.services.documents import document_removed
from cissapp.prepare.drills import queries as drills
from cissapp.prepare.facts import services as facts
from cissapp.prepare.facts.queries import page_asked
from cissapp.prepare.facts.queries.changes import paper_asked
from cissapp.prepare.mechanism.services import mechanism_changed
from cissapp.prepare.plan.phrases.calendar_entries import entries_of_person
from cissapp.prepare.plan.queries import dates_asked
from cissapp.prepare.policy import services as policy
from cissapp.prepare.policy.phrases import page_of_policy
from cissapp.prepare.policy.queries import plan_dates as policy_dates
from cissapp.prepare.policy.queries import suggested_evidence
from cissapp.prepare.posters.phrases.papers import page_of_poster
from cissapp.prepare.posters.queries import plan_dates as poster_dates
from cissapp.prepare.reporting_page.phrases.copies import page_of_copy
from cissapp.prepare.reporting_page.queries import page_address
from cissapp.prepare.toolkit import queries as products
from cissapp.prepare.toolkit import services as toolkit
from cissapp.prepare.toolkit.phrases.papers import page_of_product
from cissapp.review.appeals import services as appeals
from cissapp.review.calibration import services as calibration
from cissapp.review.independence.queries.involvement import reasons_against_judging
from cissapp.review.independence.services import (
    end_mentorings_of,
    handed_over,
    left_for_conflict,
    role_given,
    role_left,
)
from cissapp.review.mentoring import services as mentoring
from cissapp.review.messages import services as messages
from cissapp.review.reviews.services import following
from cissapp.review.reviews.services.abandoning import abandon_review
from cissapp.review.reviews.services.recommendations import calibration_review_submitted
from cissapp.review.reviews.services.voiding import void_reviews_left_open, void_reviews_of
from cissapp.review.visits import services as visits

SUBSCRIPTIONS: tuple[tuple[Signal, Callable[..., Any]], ...] = (
    (files_made, sign_ahead),
    (entered, credentials.make_or_follow),
    (entered, transparency.enter_register_rows),
    (entered, webhooks.tell_register_entries),
    (school_expired, webhooks.tell_expired),
    (school_expired, upkeep_mails.tell_expired),
    (round_submitted, following.keep_tasks),
    (round_submitted, following.tell_submitted),
    (application_moved, following.tell_work_ended),
    (application_moved, visits.follow_closing),
    (month_frozen, webhooks.tell_month_frozen),
    (handed_over, abandon_review),
    (role_given, following.assign_deadline_of),
    (role_given, void_reviews_left_open),
    (role_given, visits.follow_organiser),
    (left_for_conflict, void_reviews_of),
    (role_left, following.release_deadline_of),
    (role_left, visits.follow_organiser),
    (calibration_review_submitted, calibration.record_result),
    (ways_in_asked, ways_in),
    (ways_in_asked, way_to_confirm),
    (ways_to_join_asked, ways_to_join),
    (person_left, update_quorum_of_person),
    (person_left, drafts.forget_person),
    (person_left, end_mentorings_of),
    (person_left, appeals.excuse_person),
    (person_left, facts.note_person_left),
    (person_left, api_tokens.end_tokens_of),
    (person_left, webhooks.stop_webhooks_of),
    (person_left, factors.forget_person),
    (person_left, handover.end_handovers_of),
    (person_left, handover.end_acts_of),
    (person_left, end_feed_of),
    (second_proof_asked, second_proof_of_kept),
    (region_changed, api_tokens.end_tokens_of),
    (region_changed, webhooks.stop_webhooks_of),
    (duty_changed, update_quorum_of_person),
    (duty_changed, facts.note_duty_changed),
    (duty_changed, end_training_by_duty),
    (schools_merged, end_training_after_merge),
    (person_joined, handover.complete_by_joining),
    (person_joined, follow_joined),
    (person_joined, update_quorum_of_person),
    (person_joined, erasures.stop_on_return),
    (address_restored, erasures.stop_on_return),
    (recorded, handover.tell_others),
    (act_confirmed, withdraw_confirmed),
    (act_confirmed, handover.replace_coordinator),
    (mechanism_changed, facts.note_change),
    (page_asked, page_address),
    (paper_asked, page_of_copy),
    (paper_asked, page_of_product),
    (paper_asked, page_of_policy),
    (module_passed, update_quorum_of_person),
    (document_removed, assessment.forget_document),
    (document_removed, toolkit.forget_document),
    (document_removed, mentoring.forget_document),
    (document_removed, policy.forget_document),
    (version_asked, running_version),
    (last_answer_asked, last_answer),
    (other_version_asked, answers_other_version),
    (paper_asked, page_of_poster),
    (evidence_asked, suggested_evidence),
    (evidence_asked, products.suggested_evidence),
    (dates_asked, drills.plan_dates),
    (dates_asked, awareness.plan_dates),
    (dates_asked, poster_dates.dates_of),
    (dates_asked, policy_dates.dates_of),
    (dates_asked, upkeep_dates.dates_of),
    (entries_asked, entries_of_person),
    (involvement_asked, reasons_against_judging),
)


# The handler of each kind of background task.
TASKS: dict[TaskKind, Handler] = {
    TaskKind.PUBLISH: publishing.publish_in_background,
    TaskKind.MESSAGE_LOT: messages.send_lot_in_background,
    TaskKind.SCHOOL_LIST: school_lists.go_on_in_background,
    TaskKind.RESET_LINKS: resets.answer_in_background,
    TaskKind.PAGE_PICTURES: pictures.draw_in_background,
}
# Work that waits in a table of its own, and the function that looks for it.
LOOKS: dict[str, Look] = {
    notices.MAILS: lambda stop: notices.send_due(stop=stop),
    webhook_sending.WEBHOOKS: webhook_sending.look,
    bell.TASKS: tasks.look,
}


def subscribe() -> None:
    """Connect every receiver and register the background handlers; calling it again changes nothing."""
    for signal, receiver in SUBSCRIPTIONS:
        signal.connect(receiver)
    registry.HANDLERS.update(TASKS)
    registry.LOOKS.update(LOOKS)
