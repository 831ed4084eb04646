"""The text of JSON columns."""

import json
import re
from typing import Any

HALF_PAIR = re.compile("[\ud800-\udfff]")


def column_json(value: Any) -> str:
    """Return a value as the text of a JSON column: letters as they are, not each as six characters."""
    text = json.dumps(value, ensure_ascii=False)
    # Half a pair of UTF-16, which only JSON can name, must be escaped: no database stores it otherwise.
    return json.dumps(value) if HALF_PAIR.search(text) else text
