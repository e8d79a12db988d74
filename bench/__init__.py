"""Measurements, each against its target and beside a peer on the same input in the same run.

`./run bench` prints one table and writes docs/scoreboard.md. Nothing here is asserted: tests never depend on a clock.
"""
