"""The fixed messages of drills in each language: harmless, coded, about nobody. There is no free text."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class MessageTemplate(StrEnum):
    """Which message is sent."""

    PUPIL_TALK = "pupil_talk"
    PARENT_ASKS = "parent_asks"
    PUPIL_OUTSIDE = "pupil_outside"


TEMPLATE_NAMES = {
    MessageTemplate.PUPIL_TALK: N_(
        "A pupil would like to speak to someone about something online."
    ),
    MessageTemplate.PARENT_ASKS: N_("A parent asks who they can speak to about something online."),
    MessageTemplate.PUPIL_OUTSIDE: N_("A pupil asks who they can talk to outside the school."),
}

# The messages are not in the translation catalogue: they are sent in the school's language.
MESSAGES = {
    MessageTemplate.PUPIL_TALK: {
        "en": "{code}: a pupil wishes to speak to someone about something online.",
        "ro": "{code}: un elev dorește să vorbească cu cineva despre ceva de pe internet.",
        "uk": "{code}: учень або учениця хоче з кимось поговорити про щось в інтернеті.",
        "ru": "{code}: ученик или ученица хочет с кем-нибудь поговорить о чём-то в интернете.",
        "be": "{code}: вучань або вучаніца хоча з кімсьці пагаварыць пра нешта ў інтэрнэце.",
    },
    MessageTemplate.PARENT_ASKS: {
        "en": "{code}: a parent asks whom to speak to about something online.",
        "ro": "{code}: un părinte întreabă cu cine poate vorbi despre ceva de pe internet.",
        "uk": "{code}: мати або батько питає, з ким можна поговорити про щось в інтернеті.",
        "ru": "{code}: родитель спрашивает, с кем можно поговорить о чём-то в интернете.",
        "be": "{code}: маці або бацька пытаецца, з кім можна пагаварыць пра нешта ў інтэрнэце.",
    },
    MessageTemplate.PUPIL_OUTSIDE: {
        "en": "{code}: a pupil asks whom outside the school one can talk to about something online.",
        "ro": "{code}: un elev întreabă cu cine din afara școlii se poate vorbi despre ceva de pe internet.",
        "uk": "{code}: учень або учениця питає, з ким поза школою можна поговорити про щось в інтернеті.",
        "ru": "{code}: ученик или ученица спрашивает, с кем вне школы можно поговорить о чём-то в интернете.",
        "be": "{code}: вучань або вучаніца пытаецца, з кім па-за школай можна пагаварыць пра нешта ў інтэрнэце.",
    },
}


class NextStepChoice(StrEnum):
    """What the school does next: the steps of the programme, and what schools do by mistake."""

    OFFER_TALK = "offer_talk"
    ANSWER_PARENT = "answer_parent"
    NAME_HELPLINE = "name_helpline"
    ASK_DETAILS = "ask_details"
    TELL_PARENTS = "tell_parents"
    TELL_STAFF = "tell_staff"
    CALL_POLICE = "call_police"
    WAIT = "wait"


CHOICES = {
    NextStepChoice.ASK_DETAILS: N_(
        "Ask for a written account, or for pictures, before anything else."
    ),
    NextStepChoice.OFFER_TALK: N_(
        "A trained person offers to talk to the pupil, on the next working day at the latest."
    ),
    NextStepChoice.TELL_PARENTS: N_("Call the parents first, then talk to the pupil."),
    NextStepChoice.NAME_HELPLINE: N_(
        "Name the helpline and the other ways to report outside the school, and say that the school listens too."
    ),
    NextStepChoice.WAIT: N_("Wait to see if a second message comes."),
    NextStepChoice.ANSWER_PARENT: N_(
        "A trained person answers the parent, says who to speak to and their hours, and offers to talk."
    ),
    NextStepChoice.TELL_STAFF: N_("Tell all teachers at the school, so that everyone watches out."),
    NextStepChoice.CALL_POLICE: N_(
        "Call the police at once, before anyone knows what it is about."
    ),
}


def write_message(template: MessageTemplate, language: str, code: str) -> str:
    """Write the message of a template with its code; English where the language is unknown."""
    texts = MESSAGES[template]
    return texts.get(language, texts["en"]).format(code=code)
