"""The language model: the same tools, the same claim, other words.

Nothing of a model or of LangChain is imported before a model is asked, and nothing of the agent
where no model is set up.
"""

from typing import TYPE_CHECKING, Any

from assistant.llm_agent.settings import ModelSettings, UnusableModel, is_loopback, model_settings
from assistant.llm_agent.trouble import Trouble
from assistant.llm_agent.use import DayUse, UseBook

if TYPE_CHECKING:
    from assistant.llm_agent.agent import LlmAgent

__all__ = [
    "DayUse",
    "LlmAgent",
    "ModelSettings",
    "Trouble",
    "UnusableModel",
    "UseBook",
    "is_loopback",
    "model_settings",
]


def __getattr__(name: str) -> Any:
    """The agent, loaded when it is first asked for."""
    if name != "LlmAgent":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from assistant.llm_agent.agent import LlmAgent

    return LlmAgent
