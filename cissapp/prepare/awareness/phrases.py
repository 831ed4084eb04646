"""The words of the questions to pupils, for a child of about eight, and of their figures for the school."""

from cissapp.foundation.core.errors import N_
from cissapp.prepare.awareness.rules.questions import (
    NO,
    NONE,
    NOT_SURE,
    ONE,
    TWO,
    YES,
    Question,
)
from cissapp.prepare.awareness.rules.rounds import RoundKind

ASKED_OF_PUPILS: dict[Question, str] = {
    Question.IN_SCHOOL: N_("Something online makes you feel bad. Who can you tell at school?"),
    Question.OUTSIDE: N_("Do you know a number or a place outside school where someone helps?"),
    Question.WOULD_TELL: N_("Would you tell someone?"),
    Question.POSTER: N_("Have you seen the poster about who to tell?"),
}
HINTS: dict[Question, str] = {
    Question.IN_SCHOOL: N_("Think of people and ways: a teacher, a phone, a box."),
    Question.OUTSIDE: N_("For example a helpline that you can call."),
    Question.WOULD_TELL: N_("There is no wrong answer."),
    Question.POSTER: N_("It is on a wall in your school."),
}
_YES_NO = {YES: N_("Yes"), NOT_SURE: N_("I am not sure"), NO: N_("No")}
_IN_SCHOOL = {
    TWO: N_("I can name two or more"),
    ONE: N_("I can name one"),
    NONE: N_("I do not know any"),
}
_OUTSIDE = {YES: N_("Yes, I can name one"), NOT_SURE: N_("I am not sure"), NO: N_("No")}
OPTION_WORDS: dict[Question, dict[str, str]] = {
    Question.IN_SCHOOL: _IN_SCHOOL,
    Question.OUTSIDE: _OUTSIDE,
    Question.WOULD_TELL: _YES_NO,
    Question.POSTER: _YES_NO,
    Question.BOTH: {YES: N_("Yes"), NO: N_("No")},
}
SIGNS = {TWO: "✓✓", ONE: "✓", NONE: "✕", YES: "✓", NOT_SURE: "?", NO: "✕"}

# Labels of the bars: what the figure of a question means.
FIGURES: dict[Question, str] = {
    Question.BOTH: N_("Can name two ways in school and one outside"),
    Question.IN_SCHOOL: N_("Can name two ways in school"),
    Question.OUTSIDE: N_("Can name one outside school"),
    Question.WOULD_TELL: N_("Would tell someone"),
    Question.POSTER: N_("Have seen the poster"),
}
IN_ORDER = (
    Question.BOTH,
    Question.IN_SCHOOL,
    Question.OUTSIDE,
    Question.WOULD_TELL,
    Question.POSTER,
)
KINDS: dict[RoundKind, str] = {
    RoundKind.BEFORE: N_("Before the lessons and posters"),
    RoundKind.AFTER: N_("After the lessons and posters"),
}
