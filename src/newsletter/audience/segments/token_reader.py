"""Going through the tokens of a rule one by one, and saying what was expected instead."""

from __future__ import annotations

from newsletter.audience.segments.rule_errors import RuleError
from newsletter.audience.segments.tokens import Token, TokenKind, plain_rule, tokens_of
from newsletter.domain.suggestions import nearest


class TokenReader:
    """The tokens of one rule, and where its reader stands."""

    def __init__(self, text: str) -> None:
        """Raises RuleError for a text that cannot be cut into tokens."""
        self._text = plain_rule(text)
        self._tokens = tuple(tokens_of(self._text))
        self._position = 0

    @property
    def next(self) -> Token:
        """The token that comes next, the end at last."""
        return self._tokens[self._position]

    def take(self) -> Token:
        """The next token, which is behind the reader from then on; the end stays."""
        token = self.next
        if token.kind is not TokenKind.END:
            self._position += 1
        return token

    def take_word(self, *words: str) -> bool:
        """Takes the next token if it is one of these words; gives whether it was."""
        return self.next.is_word(*words) and bool(self.take())

    def take_sign(self, *signs: str) -> str | None:
        """Takes the next token if it is one of these signs, and gives that."""
        return self.take().text if self.next.is_sign(*signs) else None

    def expect_sign(self, sign: str) -> None:
        """Takes the sign; raises RuleError for any other token."""
        if self.take_sign(sign) is None:
            raise self.expected(sign)

    def expected(self, *what: str) -> RuleError:
        """The error that one of `what` was expected where the next token stands."""
        fault = f"expected {_either(what)}, not {self.next}"
        return self.fault(self.next, fault, cure=self._cure(what))

    def fault(self, token: Token, fault: str, *, cure: str | None = None) -> RuleError:
        """The error that something is wrong with `token`."""
        return RuleError(self._text, token.column, fault, cure=cure)

    def _cure(self, expected: tuple[str, ...]) -> str | None:
        near = nearest(self.next.text.lower(), expected)
        if near is not None:
            return f"Did you mean {near}?"
        if self.next.kind is TokenKind.WORD and self._follows_a_value():
            before = self._tokens[self._position - 1].text
            return (
                f'Put words that belong together in quotation marks: "{before} {self.next.text}".'
            )
        return None

    def _follows_a_value(self) -> bool:
        """Whether a text of one word, without quotation marks, is right before."""
        if self._position < 2:
            return False
        sign, value = self._tokens[self._position - 2 : self._position]
        return value.kind is TokenKind.WORD and sign.is_sign("=", "!=", "(", ",")


def _either(what: tuple[str, ...]) -> str:
    *others, last = what
    return f"{', '.join(others)} or {last}" if others else last
