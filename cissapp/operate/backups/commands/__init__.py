"""`ciss backup` and `ciss restore`."""

from cissapp.operate.backups.commands.making import backup
from cissapp.operate.backups.commands.restoring import restore

__all__ = ["backup", "restore"]
