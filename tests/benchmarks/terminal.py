"""What a person waits for: the first paint, the list of assistants; and what an idle screen costs.

Runs the real command in a pseudo-terminal, beside a blank Textual app, in turn. Medians of five.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from statistics import median

import psutil

from tests.benchmarks.table import row

ROUNDS = 5
BLANK = """
from textual.app import App
from textual.widgets import Static

class Blank(App):
    def compose(self):
        yield Static("first paint")

Blank().run()
"""
PLAYGROUND = [sys.executable, "-m", "playground", "--demo"]


class Terminal:
    """A program in a pseudo-terminal of 120x40; `wait` reads until a text was written."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(env, TERM="xterm-256color", COLORTERM="truecolor")
            os.execvp(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.output = b""

    def wait(self, text: bytes, seconds: float = 30) -> float:
        """Seconds from the start of the program until `text` was on the screen."""
        while text not in self.output:
            left = self.started + seconds - time.perf_counter()
            if left < 0 or not select.select([self.fd], [], [], left)[0]:
                raise TimeoutError(f"{text!r} did not appear; the last output: {self.output[-500:]!r}")
            self.output += os.read(self.fd, 65536)
        return time.perf_counter() - self.started

    def press(self, keys: bytes, text: bytes, seconds: float = 10) -> float:
        """Seconds from the keys until `text` is among what is written from then on."""
        self.output = b""
        begun = time.perf_counter()
        os.write(self.fd, keys)
        while text not in self.output:
            left = begun + seconds - time.perf_counter()
            if left < 0 or not select.select([self.fd], [], [], left)[0]:
                raise TimeoutError(f"{text!r} did not follow {keys!r}; the last output: {self.output[-500:]!r}")
            self.output += os.read(self.fd, 65536)
        return time.perf_counter() - begun

    def settle(self, keys: bytes = b"", quiet: float = 0.7) -> None:
        """Press the keys, and read until nothing was written for a while."""
        os.write(self.fd, keys)
        end = time.perf_counter() + 10  # a cursor that blinks never ends
        while select.select([self.fd], [], [], quiet)[0] and time.perf_counter() < end:
            os.read(self.fd, 65536)

    def idle_cpu(self, seconds: float = 5) -> float:
        """Share of a core that the program uses while nobody does anything."""
        process = psutil.Process(self.pid)
        end = time.perf_counter() + 3
        while time.perf_counter() < end:  # what follows the start settles
            if select.select([self.fd], [], [], 0.1)[0]:
                os.read(self.fd, 65536)
        before, begun = sum(process.cpu_times()[:2]), time.perf_counter()
        end = begun + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self.fd], [], [], left)[0]:
                os.read(self.fd, 65536)
        return (sum(process.cpu_times()[:2]) - before) / (time.perf_counter() - begun)

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def first_paint(command: list[str], text: bytes, env: dict[str, str]) -> float:
    terminal = Terminal(command, env)
    try:
        return terminal.wait(text)
    finally:
        terminal.close()


def listed(env: dict[str, str]) -> tuple[float, float]:
    """Seconds until assistants are listed, and the share of a core of the idle screen then."""
    terminal = Terminal(PLAYGROUND, env)
    try:
        return terminal.wait(b"Tweet writer"), terminal.idle_cpu()
    finally:
        terminal.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        env = {"XDG_DATA_HOME": folder, "HOME": folder, "SCRIPTED_DELAY_MS": "0"}
        listed(env)  # makes the demo's store, and warms the disk cache
        blank, paint, lists, idle = [], [], [], []
        for _ in range(ROUNDS):
            blank.append(first_paint([sys.executable, "-c", BLANK], b"first paint", env))
            paint.append(first_paint(PLAYGROUND, b"Browse", env))
            seconds, share = listed(env)
            lists.append(seconds)
            idle.append(share)
    ratio = median(paint) / median(blank)
    row("first paint, s", f"{median(paint):.3f} = {ratio:.2f} x a blank app", "1.5 x", ratio <= 1.5)
    row("assistants listed, s", f"{median(lists):.2f}", "3", median(lists) <= 3)
    row("idle screen, of a core", f"{median(idle):.1%}", "2 %", median(idle) < 0.02)
