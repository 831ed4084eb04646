"""What the process has loaded from which the others are split off: the application, and the commands that go on running."""

import cissapp.factory  # noqa: F401 -- the first: statements are built with the types of tables that are known
from cissapp.cli import COMMANDS, loaded

for name in ("serve", "worker"):
    loaded(COMMANDS[name][0])
