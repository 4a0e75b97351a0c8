import pytest
import tiny


@pytest.fixture(scope="session")
def teacher(tmp_path_factory):
    return tiny.folder(tmp_path_factory.mktemp("models") / "teacher")


@pytest.fixture(scope="session")
def bi_encoder(tmp_path_factory):
    return tiny.folder(tmp_path_factory.mktemp("models") / "bi", "bi-encoder", seed=2)


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory):
    return tiny.catalogue(tmp_path_factory.mktemp("data") / "tiny")
