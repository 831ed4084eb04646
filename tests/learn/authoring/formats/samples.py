"""Invented questions of every kind, with texts that are hard to write in another format."""

from random import Random
from typing import Any

from cissapp.foundation.content.schema import QuestionKind, QuestionText
from cissapp.foundation.content.values import Question
from cissapp.learn.authoring.rules.drafts import KEY, DraftDefaults

FILLING = DraftDefaults(topic=3, lesson="rights")
SOURCE = {"title": "A source", "url": "https://source.example/"}
HARD = (
    *("~", "=", "#", "{", "}", ":", "::", "->", "\\", "\\n", "####", "%50%", "[html]", "[plain]"),
    *(
        "//",
        "$CATEGORY: x",
        "&amp;",
        "a < b",
        "<b>fat</b>",
        "*",
        "é",
        "Ж",
        "“so”",
        "]]>",
        "\n",
        "T",
    ),
)


def question(
    kind: QuestionKind, words: dict[str, Any], question_id: str = "one", **key: Any
) -> Question:
    """A question in English, from its key and its words."""
    whole = {
        "id": question_id,
        "topic": 3,
        "kind": kind,
        "difficulty": "medium",
        "lesson": "rights",
        "source": SOURCE,
        **key,
    }
    text = QuestionText.model_validate({"text": "What?", "fact": "So it is.", **words})
    return Question(KEY.validate_python(whole), {"en": text})


def options(*texts: str) -> dict[str, dict[str, str]]:
    """Options a, b, c with a reason each."""
    ids = "abcdef"[: len(texts)]
    return {one: {"text": text, "why": f"Why {one}."} for one, text in zip(ids, texts, strict=True)}


def scenario(question_id: str = "story") -> Question:
    """A story of one step."""
    steps = {"hall": {"text": "Now?", "options": options("Go", "Stay")}}
    ways = {"hall": {"a": {"points": 1}, "b": {"points": 0}}}
    return question(QuestionKind.SCENARIO, {"steps": steps}, question_id, steps=ways)


def random_question(random: Random, kind: QuestionKind, number: int) -> Question:
    """A question of a kind with hard texts, all different."""

    def text(mark: str) -> str:
        pieces = [random.choice(HARD) for _ in range(random.randint(1, 4))]
        return f"{''.join(pieces)} {mark}{random.choice(HARD)}".strip()

    count = {QuestionKind.TRUE_FALSE: 2, QuestionKind.ORDERING: random.randint(3, 6)}.get(
        kind, random.randint(2, 6)
    )
    ids = list("abcdef"[:count])
    words: dict[str, Any] = {"text": text("question"), "fact": text("fact")}
    if kind is not QuestionKind.SHORT_TEXT:
        words["options"] = {one: {"text": text(one), "why": text(f"why {one}")} for one in ids}
    name = f"q{number}"
    if kind is QuestionKind.SHORT_TEXT:
        forms = [f"{number * 10 + one}*: form = {{{one}}}" for one in range(random.randint(1, 3))]
        return question(kind, words, name, accepted={"any": forms[:1], "en": forms, "ro": ["opt"]})
    if kind is QuestionKind.ORDERING:
        return question(kind, words, name, options=ids, key=random.sample(ids, count))
    if kind is QuestionKind.MATCHING:
        matches = [f"m{one}" for one in range(count + random.randint(0, 2))]
        words["matches"] = {one: text(one) for one in matches}
        pairs = dict(zip(ids, random.sample(matches, count), strict=True))
        return question(kind, words, name, options=ids, matches=matches, pairs=pairs)
    if kind is QuestionKind.TRUE_FALSE and random.random() < 0.5:
        words["options"] |= {
            "a": {"text": "True", "why": "A."},
            "b": {"text": "False", "why": "B."},
        }
    right = random.sample(ids, random.randint(1, count - 1) if kind is QuestionKind.MULTIPLE else 1)
    return question(kind, words, name, options=ids, key=right)
