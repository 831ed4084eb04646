"""The dot between two facts in a line: where the line is broken, it stays at the end."""

import re
from collections.abc import Iterable, Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

# Between facts that Python joins for a page.
BETWEEN_FACTS = "\xa0· "
_BEFORE = re.compile(r"(?<!\s)\s+·(?=\s|$)")


class SeparatorsEndLines(Extension):
    """Joins a dot of a template to what it follows, by a blank at which no line is broken.

    Sentences for translation are left as they are, since the catalogues have them by their letters.
    """

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Yield the tokens of a template, with such a blank before each dot."""
        return self._joined(stream)

    @staticmethod
    def _joined(stream: TokenStream) -> Iterator[Token]:
        in_sentence, before = False, ""
        for token in stream:
            # A variable may have the name of the tag.
            if before == "block_begin" and token.value in {"trans", "endtrans"}:
                in_sentence = token.value == "trans"
            before = token.type
            if token.type == "data" and not in_sentence:
                yield Token(token.lineno, "data", _BEFORE.sub("\xa0·", token.value))
            elif token.type == "string" and token.value == " · ":
                yield Token(token.lineno, "string", BETWEEN_FACTS)
            else:
                yield token
