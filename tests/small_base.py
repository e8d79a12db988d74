"""A knowledge base small enough to stand in a test: files as a dictionary, read by the real loader."""

from __future__ import annotations

from pathlib import Path

from helder.knowledge.load import Loaded, load

SOURCE = """
title: Scientific Opinion on Dietary Reference Values for magnesium
publisher: efsa
url: https://www.efsa.europa.eu/en/efsajournal/pub/4186
published: 2015-07-27
read: 2026-11-22
saw: excerpt
kind: regulator
language: en
"""

FILES = {
    "publishers/efsa.yaml": "name: EFSA\nhosts: [efsa.europa.eu]\n",
    "sources/efsa-magnesium-2015.yaml": SOURCE,
    "authorities/efsa/facts.yaml": "region: EU\nurl: https://www.efsa.europa.eu\n",
    "authorities/efsa/en.yaml": "name: EFSA\n",
    "countries/NL.yaml": """
languages: [nl]
limits: [efsa]
intakes: [efsa]
emergency: {numbers: ["112"], sources: [{id: efsa-magnesium-2015}]}
out_of_hours: {name: huisartsenpost, via: own-number, sources: [{id: efsa-magnesium-2015}]}
poison: {via: doctor, sources: [{id: efsa-magnesium-2015}]}
crisis: {name: 113 Zelfmoordpreventie, numbers: ["113"], sources: [{id: efsa-magnesium-2015}]}
reviewed: 2026-11-22
review_by: 2027-11-22
""",
    "substances/magnesium/facts.yaml": """
kind: nutrient
unit: mg
reviewed: 2026-11-22
review_by: 2027-11-22
forms:
  oxide: {fraction: 0.603, sources: [{id: efsa-magnesium-2015}]}
claims:
  what-it-is:
    kind: identity
    certainty: high
    sources: [{id: efsa-magnesium-2015, at: Abstract}]
  need-efsa:
    kind: reference_intake
    authority: efsa
    year: 2015
    type: adequate
    from: total
    basis: elemental
    rows:
      - {when: "age >= 18 years and sex = male", amount: 350 mg/d}
      - {when: "age >= 18 years and sex = female", amount: 300 mg/d}
    sources: [{id: efsa-magnesium-2015, at: Abstract}]
  danger:
    kind: red_flag
    level: emergency
    sources: [{id: efsa-magnesium-2015}]
""",
    "substances/magnesium/en.yaml": """
status: checked
name: magnesium
title: Magnesium
names: [Mg, magnesium tablets]
forms: {oxide: magnesium oxide}
claims:
  what-it-is: Magnesium is a mineral. Your body needs it.
  danger: Call {emergency} if you find it hard to breathe.
""",
    "substances/magnesium/nl.yaml": """
status: checked
name: magnesium
title: Magnesium
claims:
  what-it-is: Magnesium is een mineraal. Je lichaam heeft het nodig.
""",
    "messages/en/sentences.yaml": "slot.in_short: In short\n",
}


def written(root: Path, changes: dict[str, str | None] | None = None) -> Path:
    """Write the small base below `root`, with some files changed, added, or (None) left out."""
    for name, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return root


def loaded(root: Path, changes: dict[str, str | None] | None = None) -> Loaded:
    """The small base, read."""
    return load(written(root, changes))
