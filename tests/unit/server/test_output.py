"""The log of what is printed."""

import io
import os
from pathlib import Path

from playground.client.announced import log_tail
from playground.server import output
from playground.server.output import Output, Tee


def test_a_log_does_not_grow_for_ever_and_keeps_whole_lines(tmp_path: Path) -> None:
    log = Output(tmp_path / "server.log")
    log.bound()  # there is none yet
    assert log.tail(5) == []
    line = "x" * 99 + "\n"
    log.path.write_text(line * (output.LONGEST // 100))
    log.bound()
    assert log.path.stat().st_size == output.LONGEST
    with log.path.open("ab") as other:  # as a process of the user's may have it
        other.write(b"before\n")
        other.flush()
        log.bound()
        assert output.KEPT - 200 < log.path.stat().st_size <= output.KEPT
        other.write(b"after \xff\n")
    assert set(log.path.read_bytes().split(b"\n")[:-3]) == {b"x" * 99}
    assert log.tail(2) == ["before", "after �"]
    # A client that noted where the log was at its start sees the last lines all the same.
    assert log_tail(tmp_path, start=output.LONGEST)[-2:] == ["before", "after �"]


def test_what_is_printed_goes_to_the_terminal_and_to_the_log(tmp_path: Path) -> None:
    terminal, log = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace"), tmp_path / "server.log"
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    tee = Tee(terminal, descriptor)
    print("a word", "lone \ud800", file=tee, flush=True)
    tee.reconfigure(line_buffering=True)
    os.close(descriptor)
    print("the log is closed: the terminal isn't", file=tee)
    assert log.read_bytes() == b"a word lone \\ud800\n"
    assert terminal.buffer.getvalue() == b"a word lone ?\nthe log is closed: the terminal isn't\n"  # type: ignore[attr-defined]
    assert (tee.isatty(), tee.encoding, tee.errors) == (False, "utf-8", "replace")
