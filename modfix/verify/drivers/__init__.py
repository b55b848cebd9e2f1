"""What runs in the processes beside modfix: the supervisor, the keeper, and one driver a step.

    modfix ─▶ supervise ─▶ [bwrap ─▶] keep ─▶ a driver, which runs course code

A driver is run by the interpreter that runs course code, which need not be modfix's: these files
use the standard library only (and nbgrader or pytest, where the step is about them), import
nothing of modfix, and keep to what Python 3.9 understands. The supervisor and the keeper are run
by modfix's own.
"""
