"""Stepping a number up and down: on its grid, within its bounds, without the noise of binary fractions."""

from decimal import Decimal, InvalidOperation

from playground.tui.forms.fields import Field, Kind


def stepped(field: Field, value: object, by: int) -> int | float:
    """The number `by` steps from `value`, at most at the field's ends; from no number, the one it begins with."""
    step = step_of(field)
    old = _decimal(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else _origin(field)
    new = _on_grid(field, old, step, by)
    least, most = _ends(field, step)
    new = max(new, least) if least is not None else new
    new = min(new, most) if most is not None else new
    return int(new) if field.kind is Kind.INTEGER or (isinstance(value, int) and new == int(new)) else float(new)


def step_of(field: Field) -> Decimal:
    """What the schema says; else 1, or a fine fraction of a short range."""
    if field.step is not None:
        return _decimal(field.step)
    bounds = field.bounds
    if field.kind is Kind.NUMBER and bounds.minimum is not None and bounds.maximum is not None:
        span = bounds.maximum - bounds.minimum
        return Decimal("0.01") if span <= 0.2 else Decimal("0.1") if span <= 10 else Decimal(1)
    return Decimal(1) if field.kind is Kind.INTEGER else Decimal("0.1")


def _on_grid(field: Field, old: Decimal, step: Decimal, by: int) -> Decimal:
    """`by` steps on; a value between two steps goes to the next one."""
    origin = _decimal(field.bounds.minimum or 0) if field.step is None else Decimal(0)
    try:
        rest = (old - origin) % step
    except InvalidOperation:  # so far away that a step makes no difference
        return old
    if not rest:
        return old + by * step
    below = old - rest if rest > 0 else old - rest - step
    return below + (by if by > 0 else by + 1) * step


def _ends(field: Field, step: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """The first and the last number on the grid that the bounds allow."""
    bounds = field.bounds
    least = _decimal(bounds.minimum) if bounds.minimum is not None else None
    most = _decimal(bounds.maximum) if bounds.maximum is not None else None
    if bounds.above is not None:
        least = _decimal(bounds.above) + step
    if bounds.below is not None:
        most = _decimal(bounds.below) - step
    if field.step is not None:
        least = least + (-least) % step if least is not None else None
        most = most - most % step if most is not None else None
        if least is not None and bounds.minimum is not None and least - step >= _decimal(bounds.minimum):
            least -= step
    return least, most


def _origin(field: Field) -> Decimal:
    return _decimal(field.bounds.minimum) if field.bounds.minimum is not None else Decimal(0)


def _decimal(number: float) -> Decimal:
    return Decimal(repr(number))
