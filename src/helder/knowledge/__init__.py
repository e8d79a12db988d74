"""The knowledge base: data files read into frozen, typed claims; every problem named with file and line."""

from helder.knowledge.compiled import open_knowledge
from helder.knowledge.model import Knowledge

__all__ = ["Knowledge", "open_knowledge"]
