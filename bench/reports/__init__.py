"""Lab reports made by rule, with their exact truth, and a scorer for what a reader makes of them.

`generate.make(seed)` gives a PDF and its truth; `degrade` makes scans and photographs of it; `score` compares
a reader's answer; `run.measure` runs many. Nothing here knows how the reader works.
"""
