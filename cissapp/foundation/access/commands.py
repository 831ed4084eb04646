"""`ciss access`: prints who may do what."""

import click

from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.roles import Role


def matrix_text() -> str:
    """Return the matrix as a plain-text table: a row per right, a column per role, scopes in the cells."""
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
    """Show what each role is allowed to do."""


@access.command("matrix")
def matrix() -> None:
    """Print who may do what, and how far."""
    click.echo(matrix_text(), nl=False)
