"""`ciss access`: prints who may do what."""

import click

from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.roles import Role


def matrix_text() -> str:
    """Write the matrix as a table of plain text: a line a right, a column a role, the scope in the cell."""
    head = ["right", *(role.value for role in Role)]
    rows = [
        [
            permission.value,
            *(
                MATRIX[permission][role].__name__ if role in MATRIX[permission] else "-"
                for role in Role
            ),
        ]
        for permission in Permission
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    ]
    return "\n".join(lines) + "\n"


@click.group()
def access() -> None:
    """Rights."""


@access.command("matrix")
def matrix() -> None:
    """Print who may do what, and how far."""
    click.echo(matrix_text(), nl=False)
