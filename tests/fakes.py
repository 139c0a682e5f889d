"""Stand-ins that tests hand in where the program would use the real thing."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from talkvalue_cli.context import AppContext


class FakeClock:
    """A clock whose sleep moves now, and remembers how long it slept."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


class FakeStream(io.TextIOWrapper):
    """A text stream in memory that may claim to be a terminal."""

    def __init__(
        self, text: str | bytes = "", *, is_terminal: bool = False, errors: str = "strict"
    ) -> None:
        data = text.encode() if isinstance(text, str) else text
        super().__init__(io.BytesIO(data), encoding="utf-8", errors=errors, write_through=True)
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    @property
    def content(self) -> bytes:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue()

    @property
    def text(self) -> str:
        return self.content.decode()


class FakeRuntime(AppContext):
    """An AppContext with streams in memory, a fake clock, and nothing of the machine."""

    def __init__(
        self,
        argv: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
        *,
        stdin: str = "",
        is_terminal: bool = False,
        can_type: bool = False,
    ) -> None:
        """`can_type`: standard input is a terminal as well, and `stdin` what is typed there."""
        # what `AppContext.of_process` makes of the streams of a process
        errors = "backslashreplace"
        self.fake_stdout = FakeStream(is_terminal=is_terminal, errors=errors)
        self.fake_stderr = FakeStream(is_terminal=is_terminal, errors=errors)
        fake_stdin = FakeStream(stdin, is_terminal=can_type)
        super().__init__(argv, environ or {}, fake_stdin, self.fake_stdout, self.fake_stderr)
        self.fake_clock = FakeClock()
        self.clock = self.fake_clock
        self.wall_clock = lambda: self.fake_clock.seconds + 1_764_000_000
