"""How far a person is, what is left, and what comes next."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from msgspec import Struct, field

from cissapp.foundation.content.values import Lesson, Module
from cissapp.learn.learning.rules.attempts import AttemptFacts, is_due, is_timed, may_test, opens_at
from cissapp.learn.learning.rules.states import AttemptPurpose, AttemptState, ModuleState

QUIZ_MINUTES = 15


class ModuleProgress(Struct, frozen=True, dict=True):
    """How far a person has got with a module; the newest attempt comes first.

    `versions` are those of the lessons read, `passed_version` is the module's version when it was passed.
    """

    module: Module
    opened: Mapping[str, datetime] = field(default_factory=dict)
    read: Mapping[str, datetime] = field(default_factory=dict)
    attempts: tuple[AttemptFacts, ...] = ()
    passed_at: datetime | None = None
    versions: Mapping[str, int] = field(default_factory=dict)
    passed_version: int = 1
    short_tests: tuple[AttemptFacts, ...] = ()
    at: datetime | None = None

    @property
    def state(self) -> ModuleState:
        """Where the person stands."""
        if self.passed_at:
            return ModuleState.PASSED
        if self.opened or self.attempts:
            return ModuleState.IN_PROGRESS
        return ModuleState.NOT_STARTED

    @cached_property
    def unread(self) -> list[Lesson]:
        """The lessons that are not read yet, in their order."""
        return [lesson for lesson in self.module.lessons if lesson.id not in self.read]

    @cached_property
    def changed(self) -> list[Lesson]:
        """The lessons that changed so much since they were read that they must be read again."""
        return [
            lesson
            for lesson in self.module.lessons
            if lesson.id in self.read and self.versions.get(lesson.id, 1) < lesson.plan.reread_from
        ]

    @cached_property
    def to_read(self) -> list[Lesson]:
        """The lessons to read: those that changed, and before the pass those that are unread."""
        if not self.changed:
            return [] if self.passed_at else self.unread
        asked = {lesson.id for lesson in self.changed}
        if not self.passed_at:
            asked |= {lesson.id for lesson in self.unread}
        return [lesson for lesson in self.module.lessons if lesson.id in asked]

    @property
    def retest(self) -> bool:
        """Whether the module changed so much since it was passed that a new attempt is required."""
        return self.passed_at is not None and self.passed_version < self.module.file.retest_from

    @property
    def is_done(self) -> bool:
        """Whether nothing is asked any more: passed, and nothing changed since."""
        return self.passed_at is not None and not self.changed and not self.retest

    @property
    def lessons_read(self) -> int:
        """The number of the module's current lessons that were read."""
        return len(self.module.lessons) - len(self.unread)

    @cached_property
    def open_attempt(self) -> AttemptFacts | None:
        """The attempt that is under way and has not come to its end."""
        return next(
            (
                one
                for one in self.attempts
                if one.state is AttemptState.OPEN
                and not (self.at and is_due(one.state, one.expires_at, self.at))
            ),
            None,
        )

    @property
    def newest_expired(self) -> bool:
        """Whether the newest attempt closed by itself, without a result."""
        newest = next(iter(self.attempts), None)
        if newest is None or self.open_attempt:
            return False
        timed = is_timed(newest.policy, newest.started_at, newest.expires_at)
        return newest.state is AttemptState.EXPIRED or (
            newest.state is AttemptState.OPEN and not timed
        )

    @cached_property
    def passing_attempt(self) -> AttemptFacts | None:
        """The attempt that passed the module."""
        return next((one for one in self.attempts if one.state is AttemptState.PASSED), None)

    @property
    def closed_attempts(self) -> list[AttemptFacts]:
        """The attempts that were handed in."""
        return [
            one for one in self.attempts if one.state in {AttemptState.PASSED, AttemptState.FAILED}
        ]

    @property
    def opens_at(self) -> datetime | None:
        """When the next attempt opens after a failure; None if there was none."""
        return opens_at(self.attempts)

    def test(self, purpose: AttemptPurpose) -> AttemptFacts | None:
        """Find the short test before or after the module, if it was handed in."""
        return next(
            (
                one
                for one in self.short_tests
                if one.purpose == purpose and one.state is AttemptState.CLOSED
            ),
            None,
        )

    def may_test(self, purpose: AttemptPurpose) -> bool:
        """Check whether the short test before or after the module is open to this person."""
        return may_test(
            purpose,
            begun=bool(self.opened or self.attempts),
            passed_module=self.passed_at is not None,
            before=self.test(AttemptPurpose.BEFORE) is not None,
            after=self.test(AttemptPurpose.AFTER) is not None,
        )

    @property
    def share(self) -> float:
        """How much of the module is done, from 0 to 1; the quiz counts as one lesson more."""
        return 1.0 if self.passed_at else self.lessons_read / (len(self.module.lessons) + 1)

    @cached_property
    def minutes_left(self) -> int:
        """Minutes left: the lessons to read, and the quiz."""
        quiz = QUIZ_MINUTES if self.passed_at is None or self.retest else 0
        return sum(lesson.plan.minutes for lesson in self.to_read) + quiz

    @property
    def pieces_left(self) -> int:
        """Minutes of unread lessons' activities that make a part of the application."""
        if self.passed_at:
            return 0
        return sum(lesson.plan.doing for lesson in self.unread if lesson.plan.piece)

    def waits(self, now: datetime) -> bool:
        """Check whether the next attempt is not open yet."""
        return self.opens_at is not None and now < self.opens_at


class NextTaskKind(StrEnum):
    """The kinds of things that can come next."""

    LESSON = "lesson"
    START_QUIZ = "start_quiz"
    CONTINUE_QUIZ = "continue_quiz"
    WAIT = "wait"
    DONE = "done"


class NextTask(Struct, frozen=True):
    """The one thing that comes next, and where."""

    step: NextTaskKind
    progress: ModuleProgress | None = None
    lesson: Lesson | None = None


def next_task(parts: Sequence[ModuleProgress], now: datetime) -> NextTask:
    """Find the next thing to do.

    First a quiz that is under way, then the lesson where the person stopped, then the first lesson or
    quiz of the first module that can continue; a module whose next attempt is not open yet is skipped.
    """
    left = [part for part in parts if not part.is_done]
    if not left:
        return NextTask(NextTaskKind.DONE)
    under_way = next((part for part in left if part.open_attempt), None)
    if under_way:
        return NextTask(NextTaskKind.CONTINUE_QUIZ, under_way)
    begun = [
        (part.opened[lesson.id], number, part, lesson)
        for number, part in enumerate(left)
        for lesson in part.to_read
        if lesson.id in part.opened and lesson.id not in part.read
    ]
    if begun:
        _, _, part, lesson = max(begun, key=lambda one: one[:2])
        return NextTask(NextTaskKind.LESSON, part, lesson)
    return _first_that_can_go_on(left, now)


def _first_that_can_go_on(left: Sequence[ModuleProgress], now: datetime) -> NextTask:
    for part in left:
        if part.to_read:
            return NextTask(NextTaskKind.LESSON, part, part.to_read[0])
        if not part.waits(now):
            return NextTask(NextTaskKind.START_QUIZ, part)
    return NextTask(NextTaskKind.WAIT, min(left, key=lambda part: part.opens_at or now))


class LearningOverview(Struct, frozen=True):
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
        """Minutes of reading and quizzes until everything is passed."""
        return sum(part.minutes_left for part in self.parts)

    @property
    def pieces_left(self) -> int:
        """Minutes of activities left that make parts of the application."""
        return sum(part.pieces_left for part in self.parts)


def text_language(texts: Mapping[str, object], language: str) -> str:
    """Return the language in which a text with these translations is shown."""
    return language if language in texts else "en"
