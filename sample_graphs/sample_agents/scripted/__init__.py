"""A chat model that needs no network: what it says follows from what it is told, and from nothing else."""

from sample_agents.scripted.model import ScriptedChatModel

__all__ = ["ScriptedChatModel"]
