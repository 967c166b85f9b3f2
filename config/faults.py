"""The three kinds of error that the program knows (错误只有三种).

``Refused``: a person may not do this now. ``Later``: the world is not ready. Everything else is
our bug. Handlers raise the first two; the writer and the worker in ``bot.engine`` catch them.
"""


class Refused(Exception):
    """A person may not do this now; answered kindly from texts.yaml.

    ``text_key`` names the sentence, ``values`` fill it. The Turn's changes roll back.
    """

    def __init__(self, text_key: str, **values: object) -> None:
        super().__init__(text_key)
        self.text_key = text_key
        self.values = values


class Later(Exception):
    """The world is not ready; the whole Turn rolls back and is tried again in order.

    ``delay_s`` seconds at most 5; longer waits are timers.
    """

    def __init__(self, delay_s: float, why: str) -> None:
        super().__init__(f"{why} (again in {delay_s} s)")
        self.delay_s = delay_s
        self.why = why


class StartupFault(Exception):
    """The program cannot start; ``sentences`` say in Chinese what to do. Exit code 2."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences
