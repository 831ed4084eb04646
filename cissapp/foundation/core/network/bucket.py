"""Files in a bucket of an S3-compatible service."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import Any, BinaryIO, cast

from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import S3Store

from cissapp.foundation.core.engines.outages import Outage
from cissapp.foundation.core.network.file_stores import StorageEntry, StoreAway

RETRIES: Any = {"max_retries": 1, "retry_timeout": timedelta(seconds=10)}
# The largest upload takes seconds. A service that hangs holds up each waiting thread for this long.
PATIENCE: Any = {"connect_timeout": "3s", "timeout": "15s"}
# A long file is read in requests of this size, since the timeout is for a whole request.
PIECE_BYTES = 8_000_000
AWAY_FOR = 3.0
# This many threads of a process may wait for the service; the others answer requests that need no file.
AT_ONCE, TURN_SECONDS = 4, 2.0


class S3FileStore:
    """A bucket of an S3-compatible service; missing settings come from the AWS environment variables."""

    def __init__(self, bucket: str, prefix: str, **options: Any) -> None:
        self.bucket = bucket
        self.prefix = prefix
        if options.get("endpoint", "").startswith("http://"):  # in a network of its own
            options["allow_http"] = "true"
        self.store = S3Store(bucket, retry_config=RETRIES, **PATIENCE, **options)
        self.outage = Outage(AWAY_FOR)
        self.turns = BoundedSemaphore(AT_ONCE)

    def put(self, key: str, content: bytes | BinaryIO) -> None:
        """Create an object; raise FileExistsError if it exists. Large files go in pieces, each with a timeout."""
        with self._as_on_a_disk(key):
            if isinstance(content, bytes):
                self.store.put(self._key(key), content, mode="create")
            elif self._is_there(key):
                raise FileExistsError(key)
            else:
                self.store.put(self._key(key), content)

    def replace(self, key: str, content: bytes) -> None:
        """Write an object, whether or not it exists."""
        with self._as_on_a_disk(key):
            self.store.put(self._key(key), content, mode="overwrite")

    def get(self, key: str) -> bytes:
        """Read an object."""
        with self._as_on_a_disk(key):
            return bytes(self.store.get(self._key(key)).bytes())

    def open(self, key: str) -> BinaryIO:
        """Copy an object into a temporary file, which is removed when closed. Each piece has a timeout of its own."""
        file = cast("BinaryIO", TemporaryFile())  # noqa: SIM115 -- whoever asked for it closes it
        try:
            with self._as_on_a_disk(key):
                whole = self.store.get(self._key(key))
                size = whole.meta["size"]
                if size <= PIECE_BYTES:
                    file.write(whole.bytes())
            del whole  # what was not read of it is not sent
            for start in range(0, size if size > PIECE_BYTES else 0, PIECE_BYTES):
                with self._as_on_a_disk(key):
                    end = min(start + PIECE_BYTES, size)
                    piece = self.store.get_range(self._key(key), start=start, end=end)
                file.write(piece)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def delete(self, key: str) -> None:
        """Remove an object."""
        with self._as_on_a_disk(key):
            self.store.delete(self._key(key))

    def stored(self) -> Iterator[StorageEntry]:
        """List the objects under the prefix."""
        with self._as_on_a_disk(self.bucket):
            for one in (one for some in self.store.list(self.prefix or None) for one in some):
                key = one["path"].removeprefix(f"{self.prefix}/" if self.prefix else "")
                yield StorageEntry(key, one["last_modified"].astimezone(UTC), one["size"])

    def check(self) -> None:
        """Ask the bucket for one key."""
        with self._as_on_a_disk(self.bucket):
            next(iter(self.store.list(self.prefix or None, chunk_size=1)), None)

    def _is_there(self, key: str) -> bool:
        try:
            self.store.head(self._key(key))
        except (NotFoundError, FileNotFoundError) as error:
            if "NoSuchBucket" in str(error):
                raise
            return False
        return True

    def _key(self, key: str) -> str:
        return f"{self.prefix}/{key}" if self.prefix else key

    @contextmanager
    def _as_on_a_disk(self, key: str) -> Iterator[None]:
        """Translate errors to those of a folder, and raise `StoreAway` if the service itself fails."""
        if not self.outage.may_ask():
            raise StoreAway(f"{self.bucket}: does not answer")
        if not self.turns.acquire(timeout=TURN_SECONDS):
            raise StoreAway(f"{self.bucket}: too many requests are waiting")
        try:
            yield
        except (AlreadyExistsError, FileExistsError) as error:
            self.outage.end()
            raise FileExistsError(key) from error
        except (NotFoundError, FileNotFoundError) as error:
            # Otherwise every file would appear lost, and a failed write would look like our own fault.
            if "NoSuchBucket" in str(error):
                raise StoreAway(f"{self.bucket}: the bucket does not exist") from error
            self.outage.end()
            raise FileNotFoundError(f"{self.bucket}: {key}") from error
        except BaseError as error:
            self.outage.begin()
            raise StoreAway(f"{self.bucket}: {error}") from error
        else:
            self.outage.end()
        finally:
            self.turns.release()
