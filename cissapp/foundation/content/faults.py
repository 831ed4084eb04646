"""Faults of content: which file, which key, what is wrong."""

from msgspec import Struct


class ContentFault(Struct, frozen=True):
    """What is wrong, in which file, at which key."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.key}: {self.message}"
            if self.key
            else f"{self.file}: {self.message}"
        )


class BrokenContent(Exception):
    """The content has faults; `faults` lists them all."""

    def __init__(self, faults: list[ContentFault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
