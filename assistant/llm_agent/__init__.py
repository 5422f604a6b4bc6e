"""The language model: the same tools, the same claim, other words.

Nothing of a model or of LangChain is imported before a model is asked.
"""

from assistant.llm_agent.agent import LlmAgent
from assistant.llm_agent.settings import ModelSettings, UnusableModel, is_loopback, model_settings
from assistant.llm_agent.use import DayUse, UseBook

__all__ = [
    "DayUse",
    "LlmAgent",
    "ModelSettings",
    "UnusableModel",
    "UseBook",
    "is_loopback",
    "model_settings",
]
