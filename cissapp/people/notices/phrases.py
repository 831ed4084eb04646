"""How the states of mails look on a page."""

from cissapp.people.notices.rules import MailState

MAIL_STATE_KINDS = {MailState.WAITS: "info", MailState.SENT: "ok", MailState.FAILED: "bad"}
