"""Words and rules of learning: the draw, the grading, when an attempt may begin, what comes next."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from uuid import UUID

from cissapp.content.schema import Kind, QuizSettings
from cissapp.content.values import Lesson, Module, Question
from cissapp.core.errors import N_, Problem

QUIZ_MINUTES = 15


class AttemptState(StrEnum):
    """The life of an attempt."""

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"
    VOIDED = "voided"


class ModuleState(StrEnum):
    """How far a person is with a module."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    PASSED = "passed"


MODULE_STATE_NAMES = {
    ModuleState.NOT_STARTED: N_("Not started"),
    ModuleState.IN_PROGRESS: N_("In progress"),
    ModuleState.PASSED: N_("Passed"),
}


# --- the draw and the grading ----------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """A drawn question: its options in the order of this attempt, and the key at the draw."""

    question_id: str
    options: tuple[str, ...]
    key: tuple[str, ...]


def draw(pool: Sequence[Question], settings: QuizSettings, random: Random) -> list[Drawn]:
    """Draw one question of each topic; questions and options come in any order."""
    drawn = []
    for topic in range(1, settings.draw + 1):
        question = random.choice([one for one in pool if one.key.topic == topic])
        options = random.sample(question.key.options, len(question.key.options))
        drawn.append(Drawn(question.id, tuple(options), tuple(question.key.key)))
    random.shuffle(drawn)
    return drawn


def in_pool(module: Module, asked: Iterable[tuple[str, Sequence[str]]]) -> bool:
    """Say whether the pool still has every question that was drawn, with the same options."""
    return all(
        question_id in module.by_question_id
        and set(module.by_question_id[question_id].key.options) == set(options)
        for question_id, options in asked
    )


def choice_problem(kind: Kind, options: Collection[str], chosen: Collection[str]) -> Problem | None:
    """Say what is wrong with an answer: an option that was not offered, none, or more than one."""
    if not set(chosen) <= set(options):
        return Problem("chosen", N_("Choose from the answers that are offered."))
    if not chosen:
        return Problem("chosen", N_("Choose an answer."))
    if kind is not Kind.MULTIPLE and len(set(chosen)) > 1:
        return Problem("chosen", N_("Choose one answer."))
    return None


def is_right(key: Collection[str], chosen: Collection[str] | None) -> bool:
    """Say whether exactly the right options were chosen."""
    return chosen is not None and set(chosen) == set(key)


def passed(right: int, total: int, percent: int) -> bool:
    """Say whether so many right answers are enough."""
    return total > 0 and right * 100 >= percent * total


# --- when an attempt may begin ---------------------------------------------------------------


@dataclass(frozen=True)
class Try:
    """What is known of an attempt without its questions."""

    id: UUID
    state: AttemptState
    started_at: datetime
    closed_at: datetime | None
    right: int | None
    total: int
    answered: int

    @property
    def percent(self) -> int:
        """The share of right answers, never rounded up."""
        return (self.right or 0) * 100 // self.total


def opens_at(tries: Iterable[Try], retake_after: timedelta) -> datetime | None:
    """Say when the next attempt opens after the last one that was not passed."""
    ends = [one.closed_at for one in tries if one.state is AttemptState.FAILED and one.closed_at]
    return max(ends) + retake_after if ends else None


def may_start(tries: Collection[Try], now: datetime, retake_after: timedelta) -> Problem | None:
    """Say why no new attempt may begin: the module is passed, or it is too early."""
    if any(one.state is AttemptState.PASSED for one in tries):
        return Problem("passed", N_("You have passed this module already. It counts for good."))
    opens = opens_at(tries, retake_after)
    if opens and now < opens:
        return Problem("waiting", N_("The next attempt opens on %(when)s."), {"when": opens})
    return None


def hand_in_problems(module_id: str, unanswered: Iterable[int]) -> list[Problem]:
    """Name every question that still needs an answer, with its page."""
    return [
        Problem(
            "unanswered",
            N_("Question %(position)s has no answer yet."),
            {"position": position},
            ("learning.question", {"module_id": module_id, "position": position}),
        )
        for position in unanswered
    ]


# --- progress --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ModuleProgress:
    """How far a person is with a module; the newest try comes first."""

    module: Module
    opened: Mapping[str, datetime] = field(default_factory=dict)
    read: Mapping[str, datetime] = field(default_factory=dict)
    tries: tuple[Try, ...] = ()
    passed_at: datetime | None = None

    @property
    def state(self) -> ModuleState:
        """Where the person stands."""
        if self.passed_at:
            return ModuleState.PASSED
        if self.opened or self.tries:
            return ModuleState.IN_PROGRESS
        return ModuleState.NOT_STARTED

    @property
    def unread(self) -> list[Lesson]:
        """The lessons that are not read yet, in their order."""
        return [lesson for lesson in self.module.lessons if lesson.id not in self.read]

    @property
    def lessons_read(self) -> int:
        """How many of the lessons of today were read."""
        return len(self.module.lessons) - len(self.unread)

    @property
    def open_try(self) -> Try | None:
        """The attempt that is under way."""
        return next((one for one in self.tries if one.state is AttemptState.OPEN), None)

    @property
    def passing_try(self) -> Try | None:
        """The attempt that passed the module."""
        return next((one for one in self.tries if one.state is AttemptState.PASSED), None)

    @property
    def closed_tries(self) -> list[Try]:
        """The attempts that were handed in."""
        return [
            one for one in self.tries if one.state in {AttemptState.PASSED, AttemptState.FAILED}
        ]

    @property
    def opens_at(self) -> datetime | None:
        """When the next attempt opens, if one was not passed."""
        return opens_at(self.tries, timedelta(hours=self.module.file.quiz.retake_after_hours))

    @property
    def share(self) -> float:
        """How much of the module is done, from 0 to 1; the quiz counts as one lesson more."""
        return 1.0 if self.passed_at else self.lessons_read / (len(self.module.lessons) + 1)

    @property
    def minutes_left(self) -> int:
        """Minutes until the module is passed: the unread lessons, and the quiz."""
        if self.passed_at:
            return 0
        return sum(lesson.plan.minutes for lesson in self.unread) + QUIZ_MINUTES

    def waits(self, now: datetime) -> bool:
        """Say whether the next attempt is not open yet."""
        return self.opens_at is not None and now < self.opens_at


class Step(StrEnum):
    """The kinds of things that can come next."""

    LESSON = "lesson"
    START_QUIZ = "start_quiz"
    CONTINUE_QUIZ = "continue_quiz"
    WAIT = "wait"
    DONE = "done"


@dataclass(frozen=True)
class Next:
    """The one thing that comes next, and where."""

    step: Step
    progress: ModuleProgress | None = None
    lesson: Lesson | None = None


def next_thing(parts: Sequence[ModuleProgress], now: datetime) -> Next:
    """Find the one next thing.

    First a quiz that is under way, then the lesson where the person stopped, then the first lesson or
    quiz of the first module that can go on; a module whose next attempt is not open yet is passed over.
    """
    left = [part for part in parts if not part.passed_at]
    if not left:
        return Next(Step.DONE)
    under_way = next((part for part in left if part.open_try), None)
    if under_way:
        return Next(Step.CONTINUE_QUIZ, under_way)
    begun = [
        (part.opened[lesson.id], number, part, lesson)
        for number, part in enumerate(left)
        for lesson in part.unread
        if lesson.id in part.opened
    ]
    if begun:
        _, _, part, lesson = max(begun, key=lambda one: one[:2])
        return Next(Step.LESSON, part, lesson)
    return _first_that_can_go_on(left, now)


def _first_that_can_go_on(left: Sequence[ModuleProgress], now: datetime) -> Next:
    for part in left:
        if part.unread:
            return Next(Step.LESSON, part, part.unread[0])
        if not part.waits(now):
            return Next(Step.START_QUIZ, part)
    return Next(Step.WAIT, min(left, key=lambda part: part.opens_at or now))


@dataclass(frozen=True)
class Overview:
    """How far a person is with all modules."""

    parts: tuple[ModuleProgress, ...]

    @property
    def passed(self) -> int:
        """How many modules are passed."""
        return sum(part.passed_at is not None for part in self.parts)

    @property
    def is_begun(self) -> bool:
        """Whether the person has opened a lesson or a quiz."""
        return any(part.state is not ModuleState.NOT_STARTED for part in self.parts)

    @property
    def shares(self) -> list[float]:
        """How much of each module is done."""
        return [part.share for part in self.parts]

    @property
    def minutes_left(self) -> int:
        """Minutes until everything is passed."""
        return sum(part.minutes_left for part in self.parts)


def spoken(texts: Mapping[str, object], language: str) -> str:
    """Say in which language a text answers that has these translations."""
    return language if language in texts else "en"
