"""A page drawn as SVG: the same drawing as on paper, for a preview before printing."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from xml.sax.saxutils import escape, quoteattr

from cissapp.foundation.paper import qr
from cissapp.foundation.paper.canvas import Size
from cissapp.foundation.paper.fonts import SANS_BOLD, SERIF_BOLD
from cissapp.foundation.paper.structure import Box
from cissapp.foundation.paper.text import Style, drawn

FAMILY = "'Noto Sans',system-ui,'Segoe UI',Roboto,Arial,sans-serif"
BOLD = {SANS_BOLD, SERIF_BOLD}


class Preview:
    """Draws one page as SVG, with a paper's methods. It has no structure: the file has the words as text."""

    def __init__(self, size: Size, page: int = 1) -> None:
        self.size, self.page, self.pages = size, page, 1
        self._parts: list[str] = []

    @property
    def page_height(self) -> float:
        """The height of the page."""
        return self.size[1]

    def next_page(self) -> None:
        """Begin another page."""
        self.pages += 1

    def finish(self, words: str) -> bytes:
        """Return the picture; `words` describe it."""
        width, height = (f"{edge:.0f}" for edge in self.size)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f"aria-label={quoteattr(words)}>"
        )
        ground = f'<rect width="{width}" height="{height}" fill="#FFFFFF"/>'
        return "".join([head, ground, *self._parts, "</svg>"]).encode()

    def _add(self, part: str) -> None:
        if self.pages == self.page:
            self._parts.append(part)

    def write_lines(
        self,
        lines: list[str],
        style: Style,
        x: float,
        y: float,
        colour: str,
        *,
        centred: bool = False,
    ) -> float:
        """Write lines from the top edge y down, each as wide as on paper; return the lower edge."""
        weight = ' font-weight="700"' if style.font in BOLD else ""
        for line in lines:
            y += style.leading
            width = style.width(line)
            left = x - width / 2 if centred else x
            # The browser's face may be wider than ours: the length keeps each line in its place.
            self._add(
                f'<text x="{left:.1f}" y="{y - style.leading * 0.26:.1f}" font-size="{style.size:.1f}"'
                f' font-family="{FAMILY}"{weight} fill="{colour}" textLength="{width:.1f}"'
                f' lengthAdjust="spacingAndGlyphs">{escape(drawn(line))}</text>'
            )
        return y

    def bar(
        self, x: float, y: float, width: float, height: float, *, colour: str, radius: float = 0
    ) -> None:
        """Fill a rectangle whose upper left corner is x, y."""
        self._add(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
            f' rx="{radius:.1f}" fill="{colour}"/>'
        )

    def disc(self, x: float, y: float, radius: float, *, colour: str) -> None:
        """Fill a circle round x, y."""
        self._add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}"/>')

    def outline(
        self, outline: str, x: float, y: float, scale: float, *, colour: str, width: float
    ) -> None:
        """Draw path data with a round pen, its origin at x, y."""
        self._add(
            f'<path transform="translate({x:.1f} {y:.1f}) scale({scale:.3f})" d="{outline}"'
            f' fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"'
            ' stroke-linejoin="round"/>'
        )

    def cut(self, x: float, y: float, to_x: float, to_y: float, colour: str) -> None:
        """Draw a dashed hair line, along which paper is cut."""
        self._add(
            f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="{colour}"'
            ' stroke-width="0.5" stroke-dasharray="3 3"/>'
        )

    def rule(self, x: float, y: float, width: float, colour: str) -> None:
        """Draw a fine line from left to right."""
        self.bar(x, y, width, 0.6, colour=colour)

    def watermark(
        self, word: str, style: Style, x: float, y: float, *, angle: float, colour: str
    ) -> None:
        """Write a large word aslant, its foot centred at x, y."""
        self._add(
            f'<text transform="translate({x:.1f} {y:.1f}) rotate({-angle})" text-anchor="middle"'
            f' font-size="{style.size:.1f}" font-family="{FAMILY}" font-weight="700"'
            f' fill="{colour}">{escape(word)}</text>'
        )

    def picture(self, content: bytes, x: float, y: float, width: float, height: float) -> None:
        """Draw a PNG whose upper left corner is x, y."""
        data = b64encode(content).decode()
        self._add(
            f'<image x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
            f' href="data:image/png;base64,{data}"/>'
        )

    def qr(self, text: str, x: float, y: float, size: float, colour: str) -> None:
        """Draw a QR code with its quiet zone."""
        runs, side = qr.runs_of(text)
        path = "".join(f"M{column} {row}h{length}v1h-{length}z" for column, row, length in runs)
        self._add(
            f'<path transform="translate({x:.1f} {y:.1f}) scale({size / side:.4f})" d="{path}"'
            f' fill="{colour}"/>'
        )

    @contextmanager
    def group(self, role: str, language: str | None = None) -> Iterator[None]:
        """Draw what is inside."""
        yield

    @contextmanager
    def piece(
        self,
        role: str,
        language: str | None = None,
        *,
        alternative: str | None = None,
        box: Box | None = None,
        link: str | None = None,
    ) -> Iterator[None]:
        """Draw what is inside."""
        yield

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Draw what is inside."""
        yield

    @contextmanager
    def copy(self) -> Iterator[None]:
        """Draw what is inside."""
        yield
