"""The log of what is printed."""

from pathlib import Path

from playground.client.announced import log_tail
from playground.server import output
from playground.server.output import Output


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
