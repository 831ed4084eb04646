"""Files of translators' tools: PO and XLIFF."""

from cissapp.learn.translation.formats.po import read_po, write_po
from cissapp.learn.translation.formats.xliff import read_xliff, write_xliff

__all__ = ["read_po", "read_xliff", "write_po", "write_xliff"]
