"""What goes wrong for the person at the terminal, as a sentence that says what to do."""


class Trouble(Exception):
    """Something that a person can put right; shown without a traceback."""
