"""Files that a person brings themselves → rules and items, shown as "imported, not reviewed".

`parse(data, recogniser)` of each format is pure and never raises: what can't be read is counted and named by place.
Only `local` touches files. Nothing imported is ever mixed into the reviewed rules of the base.
"""
