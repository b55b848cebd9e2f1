"""The errors that a person sees: one line that says what, where and what to do."""


class ModfixError(Exception):
    """modfix could not do its job: usage, configuration or an unreadable input (exit code 2).

    `what` says what is wrong, `where` names the path (and the cell or line, where known), `todo`
    says what the person can do.
    """

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return one_line(f"{head}; {self.todo}" if self.todo else head)


def one_line(text: str) -> str:
    """The text on one line that a terminal can show: the rest as Python escapes it.

    A file may be called `a\\nb.py`, and a message may quote what steers a terminal.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
