"""Times and ids as the API writes them."""

import secrets
import time
from datetime import UTC, datetime
from uuid import UUID


def now() -> str:
    """The time, as ISO 8601 in UTC, always with microseconds so that text sorts as time."""
    return iso(datetime.now(UTC))


def iso(moment: datetime) -> str:
    """A moment as the API writes it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def uuid7() -> str:
    """A random id that sorts by the time it was made (RFC 9562)."""
    value = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))
