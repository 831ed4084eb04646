"""Keys and a genuine credential, without a database."""

from pathlib import Path

import pytest

from cissapp.foundation.signing import keys
from tests.certify.credentials.specimen import KEYS_SINCE, LISTS_SINCE, Specimen


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("credentials") / "keys"
    for since in (KEYS_SINCE, LISTS_SINCE):
        keys.create_keys(folder, organisation="ECPAT for tests", at=since)
    return folder


@pytest.fixture(scope="session")
def genuine(keys_folder: Path) -> Specimen:
    return Specimen(keys.load(keys_folder))
