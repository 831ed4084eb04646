"""Forms of what is answered line by line: matching, ordering."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from cissapp.foundation.content.schema import MatchingKey, OrderingKey
from cissapp.learn.learning.forms.answers import QuizAnswerForm


class LinesForm(QuizAnswerForm):
    """A question with one list to choose from for each line."""

    def lines(self) -> list[str]:
        """Return the option on each line, in order."""
        raise NotImplementedError

    def initial(self) -> dict[str, Any]:
        """Preselect the saved choice on each line."""
        saved = self.saved()
        return {
            f"chosen_{number}": saved.get(line, "")
            for number, line in enumerate(self.lines(), start=1)
        }

    def saved(self) -> dict[str, str]:
        """Return the number that was saved for each line."""
        raise NotImplementedError

    def label_lines(self, choices: Sequence[tuple[str, str | Markup]]) -> None:
        """Label each line, and offer the same list on each."""
        for part, line in zip(self.parts, self.lines(), strict=True):
            part.label.text = self.words(self.text.options[line].text)
            part.choices = [("", _("Choose …")), *choices]  # type: ignore[attr-defined]

    def by_line(self) -> dict[str, str]:
        """Return the number that was chosen for each line."""
        return {
            line: str(part.data or "") for part, line in zip(self.parts, self.lines(), strict=True)
        }


class MatchingForm(LinesForm):
    """Lines, each of which belongs to something."""

    key: MatchingKey

    def lines(self) -> list[str]:
        """Name the options in the order of the question."""
        return self.key.options

    def saved(self) -> dict[str, str]:
        """Return the number of the match that was saved for each option."""
        pairs = dict(one.split("=", 1) for one in self.row.chosen or [])
        return {one: str(self.row.options.index(match) + 1) for one, match in pairs.items()}

    def label_parts(self) -> None:
        """Offer the matches in the order of this attempt."""
        self.label_lines(
            [
                (str(number), self.text.matches[match])
                for number, match in enumerate(self.row.options, start=1)
            ]
        )

    def chosen_ids(self) -> list[str]:
        """Return the pairs of option and match."""
        return [
            f"{line}={self.row.options[int(number) - 1]}"
            for line, number in self.by_line().items()
            if number
        ]


class OrderingForm(LinesForm):
    """Lines, each of which gets its place."""

    key: OrderingKey

    def lines(self) -> list[str]:
        """Name the options in the order of this attempt."""
        return self.row.options

    def saved(self) -> dict[str, str]:
        """Return the place that was saved for each option."""
        return {one: str(place) for place, one in enumerate(self.row.chosen or [], start=1)}

    def label_parts(self) -> None:
        """Offer the places."""
        places = range(1, len(self.row.options) + 1)
        self.label_lines([(str(place), str(place)) for place in places])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that each step has a place, and that no two have the same."""
        good = super().validate(extra_validators)
        placed: set[str] = set()
        for part in self.parts:
            if part.data in placed:
                taken = _(
                    "Another step already has place %(place)s. Choose another one.", place=part.data
                )
                part.errors = [*part.errors, taken]
                good = False
            elif part.data:
                placed.add(part.data)
        return good

    def chosen_ids(self) -> list[str]:
        """Return the options in their order."""
        placed = {line: int(number) for line, number in self.by_line().items() if number}
        return sorted(placed, key=lambda line: placed[line])
