"""The `playground` command: the terminal UI, and everything without a screen."""

from playground.cli.app import main

__all__ = ["main"]
