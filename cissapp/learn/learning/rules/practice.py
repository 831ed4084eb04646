"""Practice: the lessons' own questions, in an order that mixes the lessons. No question of a quiz is among them."""

from collections.abc import Sequence

from msgspec import Struct

from cissapp.foundation.content.values import Lesson


class PracticeQuestion(Struct, frozen=True):
    """A question to oneself, its answer, and the lesson that it belongs to."""

    question: str
    answer: str
    language: str
    lesson: Lesson


def practice_questions(lessons: Sequence[Lesson], language: str) -> list[PracticeQuestion]:
    """List the questions of all lessons: the first of each, then the second of each, and so on.

    What comes from one lesson stands apart, so that one has to remember and not only to go on reading.
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
