"""Practice with the lessons' own questions, in an order that mixes lessons. Quiz questions are never used."""

from collections.abc import Sequence

from msgspec import Struct

from cissapp.foundation.content.values import Lesson


class PracticeQuestion(Struct, frozen=True):
    """A self-check question, its answer, and the lesson that it belongs to."""

    question: str
    answer: str
    language: str
    lesson: Lesson


def practice_questions(lessons: Sequence[Lesson], language: str) -> list[PracticeQuestion]:
    """List the questions of all lessons: the first of each, then the second of each, and so on.

    Questions from one lesson are spread out, so that people have to remember and cannot just read on.
    """
    of_lessons = [
        [
            PracticeQuestion(one.question, one.answer, lesson.language(language), lesson)
            for one in lesson.text(language).self_check
        ]
        for lesson in lessons
    ]
    most = max((len(questions) for questions in of_lessons), default=0)
    return [
        questions[place]
        for place in range(most)
        for questions in of_lessons
        if place < len(questions)
    ]
