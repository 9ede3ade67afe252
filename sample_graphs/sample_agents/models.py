"""The chat model of a context: the scripted one, or any that LangChain can reach."""

import asyncio
from importlib import import_module

from langchain_core.language_models import BaseChatModel

from sample_agents.scripted import ScriptedChatModel

SCRIPTED = "scripted"
MODEL_HELP = (
    "`scripted` answers offline, from a script. Or any `provider:model` of LangChain, e.g. `openai:gpt-5-mini`."
)


async def chat_model(name: str, *, temperature: float = 0.7) -> BaseChatModel:
    """The model called `scripted`, or `provider:model` through LangChain's `init_chat_model`.

    Raises RuntimeError if langchain is not installed, ImportError if the provider's own package is not.
    """
    if name.strip() in ("", SCRIPTED):
        return ScriptedChatModel(temperature=temperature)
    return await asyncio.to_thread(_provider_model, name.strip(), temperature)  # imports block


def _provider_model(name: str, temperature: float) -> BaseChatModel:
    try:
        langchain = import_module("langchain.chat_models")
    except ImportError as error:
        raise RuntimeError(
            f"The model {name!r} needs LangChain: pip install 'langgraph-playground[providers]'. "
            f"The model {SCRIPTED!r} works without it."
        ) from error
    model: BaseChatModel = langchain.init_chat_model(name, temperature=temperature)
    return model
