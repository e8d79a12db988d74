"""The rule language: who something holds for, answered true, false, or unknown and what would decide it.

    rule = parse("age >= 18 years and not pregnant")
    evaluate(rule, person)    # Verdict(truth=None, depends_on=(Fact("pregnant"),))
    simplify(rule, person)    # what remains of it: `not pregnant`

The nodes of a rule stand in `helder.rules.model`.
"""

from helder.person import Fact
from helder.rules.evaluate import Verdict, evaluate, overlap, simplify
from helder.rules.model import Rule, all_of, any_of, facts_of, negate, references
from helder.rules.parse import RuleError, parse

__all__ = ["Fact", "Rule", "RuleError", "Verdict", "all_of", "any_of", "evaluate", "facts_of", "negate"]
__all__ += ["overlap", "parse", "references", "simplify"]
