"""The static files are gathered again when anything of them is new, and not otherwise: a later start is quick."""

from pathlib import Path

import pytest
from whitenoise.storage import MissingFileError

from registry import static_files
from registry.serving import collect_static


@pytest.fixture
def source(settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path / "served"
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "app.css").write_text("p { color: black }")
    return tmp_path / "source"


def gathered(source: Path) -> set[str]:
    return {p.name for p in (source.parent / "served").iterdir()}


def test_a_second_start_gathers_nothing(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    collect_static()
    assert "Collecting" in capsys.readouterr().out and "app.css" in gathered(source)
    (source.parent / "served" / "app.css").unlink()
    collect_static()
    assert capsys.readouterr().out == "" and "app.css" not in gathered(source)


@pytest.mark.parametrize("change", ["content", "another", "gone", "served", "storage"])
def test_what_is_new_is_gathered(source: Path, settings, change: str) -> None:
    collect_static()
    assert static_files.are_current()
    if change == "content":
        (source / "app.css").write_text("p { color: green }")  # as long as before
    elif change == "another":
        (source / "app.js").write_text("")
    elif change == "gone":
        (source / "app.css").unlink()
    elif change == "served":
        (source.parent / "served" / "staticfiles.json").unlink()
    else:
        storage = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    assert not static_files.are_current()
    collect_static()
    assert static_files.are_current()


def test_a_gathering_that_fails_is_done_again(source: Path) -> None:
    collect_static()
    (source / "app.css").write_text("p { background: url(nowhere.png) }")
    with pytest.raises(MissingFileError):
        collect_static()
    assert not static_files.are_current()
    (source / "app.css").write_text("p { color: black }")  # as it was gathered first, but what is served is half new
    assert not static_files.are_current()
