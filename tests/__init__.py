"""The tests; this is read before any of them, and before the application."""

import os
import sys

# A run starts some hundred processes. If none might write what it compiled, each would compile a thousand files anew.
# It lies beside the files: in a folder of its own, Python would not find what was compiled with the libraries.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
