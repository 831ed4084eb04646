"""The file of a backup under way, on disks that lock and on those that do not: no left-over stops the next night."""

import errno
import fcntl
import os
import re
import time
from pathlib import Path

import pytest

import cissapp
from cissapp.foundation.core.db import db
from cissapp.operate.backups.archive import part_files
from cissapp.operate.backups.archive.places import FolderPlace
from cissapp.operate.backups.rules import BadBackup
from cissapp.operate.backups.services.dumping import held_still

NAME, LEFT = "ciss-20260102T000000Z.age", ".ciss-20260101T000000Z.age.part"


def backed_up(folder: Path) -> list[str]:
    """Write a backup, and list what is in its folder then."""
    with FolderPlace(folder).writing(NAME) as file:
        file.write(b"whole")
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def left(tmp_path):
    path = tmp_path / LEFT
    path.touch()
    return path


@pytest.fixture
def of_another_user(monkeypatch):
    """Refuse to open a file that was left; the tests may be run by somebody who may open all."""
    real = Path.open

    def refusing(path, *arguments, **named):
        if path.name == LEFT:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", refusing)


def rest(path: Path, hours: float) -> None:
    moment = time.time() - hours * 3600
    os.utime(path, (moment, moment))


@pytest.mark.usefixtures("of_another_user")
def test_a_file_that_another_user_left_stops_no_backup_and_goes_once_nobody_can_write_it(
    tmp_path, left
):
    rest(left, 5.9)
    assert backed_up(tmp_path) == [LEFT, NAME]
    (tmp_path / NAME).unlink()

    rest(left, 6.1)
    assert backed_up(tmp_path) == [NAME]


@pytest.mark.usefixtures("of_another_user")
def test_one_that_cannot_even_be_removed_stays(tmp_path, left, monkeypatch):
    real = Path.unlink

    def refusing(path, missing_ok=False):
        if path == left:
            raise PermissionError(errno.EPERM, "Operation not permitted")
        real(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refusing)
    rest(left, 7)

    assert backed_up(tmp_path) == [LEFT, NAME]


@pytest.mark.parametrize("fault", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF])
def test_a_disk_without_locks_has_backups_too(tmp_path, left, monkeypatch, fault):
    def refusing(*_given):
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(fcntl, "flock", refusing)

    assert backed_up(tmp_path) == [LEFT, NAME]


def test_what_was_left_is_removed_where_only_writers_may_lock(tmp_path, left, monkeypatch):
    """As on NFS."""
    real = fcntl.flock

    def of_nfs(file, how):
        number = file if isinstance(file, int) else file.fileno()
        if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, "Bad file descriptor")
        real(file, how)

    monkeypatch.setattr(fcntl, "flock", of_nfs)

    assert backed_up(tmp_path) == [NAME]


@pytest.mark.parametrize("then", [None, OSError(errno.EIO, "Input/output error")])
def test_a_file_that_was_lost_before_it_was_locked_is_not_written_into_nowhere(
    tmp_path, monkeypatch, then
):
    def losing(_opened):
        if then:
            raise then
        (tmp_path / f".{NAME}.part").unlink()

    monkeypatch.setattr(part_files, "lock", losing)

    wanted, words = (OSError, "Input") if then else (BadBackup, "Another backup is being made")
    with pytest.raises(wanted, match=words):
        backed_up(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_removed_while_systemd_may_still_let_it_be_written():
    unit = (Path(cissapp.__file__).parents[1] / "deploy/systemd/ciss-backup.service").read_text(
        "utf-8"
    )

    found = re.search(r"^TimeoutStartSec=(\d+)h$", unit, re.MULTILINE)
    assert int(found[1]) * 3600 == part_files.LONGEST.total_seconds()


@pytest.mark.only_on("sqlite")
def test_the_lock_of_the_copy_may_be_a_file_that_only_another_user_writes(app, monkeypatch):
    def only_read(real):
        def opening(path, how=os.O_RDONLY, *rest, **named):
            if str(path).endswith("-backup") and (how == "w" or (how & os.O_ACCMODE)):
                raise PermissionError(errno.EACCES, "Permission denied")
            return real(path, how, *rest, **named)

        return opening

    monkeypatch.setattr(os, "open", only_read(os.open))
    monkeypatch.setattr(Path, "open", only_read(Path.open))

    with app.app_context(), held_still(db.engine) as dump:
        assert dump.size
        with pytest.raises(BadBackup, match="Another backup"), held_still(db.engine):
            pass
