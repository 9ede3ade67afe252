"""The lines that every benchmark prints."""


def row(what: str, figure: str, bar: str, holds: bool) -> None:
    """What was measured, the figure (with what it is compared to), the bar, and whether it is met."""
    print(f"{what:26}{figure:40}{bar:14}{'ok' if holds else 'MISSED'}", flush=True)
