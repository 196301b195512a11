"""One evening in many rooms, and three ways to make a lobby of its log: the parts of a bench.

:mod:`story` says what happens, in what order; :mod:`ours` and :mod:`theirs` store it and make the
same rows of it.
"""
