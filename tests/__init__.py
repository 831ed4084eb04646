"""The tests; this is read before any of them, and before the application."""

import os
import sys
from pathlib import Path

# A run starts some twenty processes. Where nothing may be written beside the files, each of them would compile a
# thousand of them anew: what is compiled is kept with what pytest keeps.
if sys.dont_write_bytecode:
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(__file__).resolve().parents[1] / ".pytest_cache" / "bytecode")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
