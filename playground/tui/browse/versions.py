"""The versions that are listed, and what each is compared with. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from playground.tui.text import age, one_line, plain

if TYPE_CHECKING:
    from datetime import datetime

    from playground.client.values import Assistant, LabelFacts, Promotion, Version


@dataclass(frozen=True)
class VersionsShown:
    """The versions of one assistant, newest first, and who labelled them and made them active, and why."""

    assistant: Assistant | None = None
    versions: tuple[Version, ...] = ()
    labels: Mapping[str, LabelFacts] = field(default_factory=dict)
    promotions: tuple[Promotion, ...] = ()  # newest first

    @property
    def assistant_id(self) -> str:
        """Whose versions; empty if nobody's."""
        return self.assistant.assistant_id if self.assistant else ""

    @cached_property
    def active(self) -> Version | None:
        """The one that runs when none is named."""
        return next((version for version in self.versions if version.active), None)

    def version(self, key: str | None) -> Version | None:
        """The one with that number."""
        return next((version for version in self.versions if str(version.version) == key), None)

    def compared(self, version: Version | None) -> tuple[Version | None, Version | None]:
        """It and the active one; at the active one, what it changed of the one before."""
        active = self.active
        if version is None or active is None:
            return None, None
        if version.version != active.version:
            return version, active
        older = next((one for one in self.versions if one.version < version.version), None)
        return older, version

    def facts(self, version: Version, now: datetime) -> list[str]:
        """Who labelled it and who made it active, when and why, as far as somebody said it. A sentence each."""
        labels = [facts for facts in self.labels.values() if facts.version == version.version]
        said = [
            _sentence(facts.label, facts.by, facts.at, facts.why, now)
            for facts in sorted(labels, key=lambda one: one.label)
            if facts.by or facts.why or facts.at
        ]
        promotion = next((one for one in self.promotions if one.version == version.version), None)
        if promotion is not None:
            what = f"made active instead of v{promotion.from_version}"
            said.append(_sentence(what, promotion.by, promotion.at, promotion.note, now))
        return said


NOTHING: Final = VersionsShown()


def _sentence(what: str, by: str | None, at: datetime | None, why: str | None, now: datetime) -> str:
    """`prod by ann, 2h: “asked for by support”`."""
    who = f" by {one_line(by, 40)}" if by else ""
    when = f", {age(at, now)}" if at else ""
    return f"{one_line(what, 60)}{who}{when}" + (f": “{plain(why, 1_000).strip()}”" if why else "")
