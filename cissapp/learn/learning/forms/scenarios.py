"""The form of a scenario: its next decision, or all of them on the sheet."""

from typing import Any

from wtforms import RadioField

from cissapp.foundation.content.schema import ScenarioKey
from cissapp.learn.learning.forms.answers import QuizAnswerForm
from cissapp.learn.learning.rules.grading import follow_decisions, next_step


class StepField(RadioField):
    """A decision on the sheet; it may stay open, because the story may never reach it."""

    def pre_validate(self, form: Any) -> None:
        """Demand one of the options, if there is a decision at all."""
        if self.data:
            super().pre_validate(form)


class ScenarioForm(QuizAnswerForm):
    """The next decision of a scenario, or all of them on the sheet with every question."""

    key: ScenarioKey

    def initial(self) -> dict[str, Any]:
        """Return no values: earlier decisions are shown as text."""
        return {}

    def label_parts(self) -> None:
        """Label each step with its situation, and offer its options."""
        for part in self.parts:
            step = list(self.key.steps)[int(part.name.removeprefix("chosen_")) - 1]
            words = self.text.steps[step]
            part.label.text = self.words(words.text)
            part.choices = [  # type: ignore[attr-defined]
                (str(number), self.words(words.options[option].text))
                for number, option in enumerate(self.offered(step), start=1)
            ]

    def offered(self, step: str) -> list[str]:
        """Name the options of a step in the order of this attempt."""
        return [one.split("=")[1] for one in self.row.options if one.split("=")[0] == step]

    @property
    def taken(self) -> list[tuple[str, str]]:
        """The decisions that were taken: what was seen, and what was chosen."""
        return [
            (self.text.steps[step].text, self.text.steps[step].options[option].text)
            for step, option in follow_decisions(self.key, self.row.chosen or [])
        ]

    def chosen_ids(self) -> list[str]:
        """Return all decisions from the first, the earlier ones included."""
        path = [
            f"{step}={option}" for step, option in follow_decisions(self.key, self.row.chosen or [])
        ]
        step = next_step(self.key, path)
        while step is not None and (number := self._number(step)):
            path.append(f"{step}={self.offered(step)[number - 1]}")
            step = next_step(self.key, path)
        return path

    def _number(self, step: str) -> int:
        name = step_field(self.key, step)
        return int(self[name].data or 0) if name in self else 0

    @property
    def next_field(self) -> str | None:
        """The name of the field for the next decision; None once the story has ended."""
        step = next_step(self.key, self.row.chosen)
        return step_field(self.key, step) if step else None

    @property
    def is_empty(self) -> bool:
        """Whether no new decision was taken."""
        return not any(part.data for part in self.parts)


def step_field(key: ScenarioKey, step: str) -> str:
    """Return the name of a step's field, by number: the step's own name might reveal too much."""
    return f"chosen_{list(key.steps).index(step) + 1}"
