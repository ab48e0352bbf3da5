"""Progress is for a terminal, and silent elsewhere."""

import io

from registry.files.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_the_step_and_its_seconds() -> None:
    seen = Terminal()
    with Progress(seen).step("reading epraccur.csv"):
        assert seen.getvalue() == "  reading epraccur.csv ... "
    assert seen.getvalue() == "  reading epraccur.csv ... 0.0 s\n"


def test_a_file_or_pipe_sees_nothing() -> None:
    seen = io.StringIO()
    with Progress(seen).step("reading"):
        pass
    assert seen.getvalue() == ""
