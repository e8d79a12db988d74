"""Lab reports that a program wrote (FHIR, HL7 version 2, LDT, tables) → what they state, nothing guessed or lost.

`parse(data)` of each format is pure and never raises. What could not be read is named with its place.
"""
