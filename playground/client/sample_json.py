"""Samples as JSON, for what keeps them or hands them on."""

from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from playground.compare.samples import Sample

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Json = dict[str, Any]


def sample_to_json(sample: Sample) -> Json:
    """All of it."""
    return asdict(sample)


def samples_from_json(rows: Iterable[Json]) -> list[Sample]:
    """Those rows that are samples: anyone can write to the Store API."""
    from pydantic import ValidationError

    found: list[Sample] = []
    for row in rows:
        try:
            found.append(_reader().validate_python(row))
        except ValidationError:
            continue
    return found


@cache
def _reader() -> "TypeAdapter[Sample]":
    from pydantic import TypeAdapter  # loads in 100 ms: not before something is read

    return TypeAdapter(Sample)
