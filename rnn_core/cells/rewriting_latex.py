r"""LaTeX of ours in a notation of others: W_{hh}\,h_{t-1} becomes H_{t-1} W_{hh} of rows.

A formula is read once, from left to right, so that a letter which stands for another one there is
not taken for our own. Where vectors are rows, everything is the transpose of ours: factors around a
matrix stand the other way round, and arrays of numbers are turned.
"""

import re

from rnn_core.cells.factors import (
    ACCENTS,
    ARRAYS,
    AS_IT_IS,
    CLOSE,
    DOTS,
    FACTOR,
    FUNCTIONS,
    HATS,
    ITERATE,
    JACOBIAN,
    LETTERS,
    MATRICES,
    MATRIX,
    NEW_LINE,
    OF_TWO,
    OPEN,
    SCALAR,
    SCALARS,
    SEPARATOR,
    SLOPE,
    SPACE,
    SPACES,
    SUB_PART,
    TOKEN,
    Atom,
    joined,
)
from rnn_core.cells.naming import Found, latex, symbol_found
from rnn_core.cells.renaming import Renaming


def rewritten(table: Renaming, source: str, own: frozenset[str] = frozenset()) -> str:
    """Return a formula in a notation; `own` are symbols that mean something else here."""
    gates = re.sub(
        rf"\(({table['gate']}) = ([a-z](?:, [a-z])*)\)",
        lambda match: _gates(table, match[1], match[2]),
        source,
    )
    return _Reader(table, gates, own).all()


def _gates(table: Renaming, letter: str, gates: str) -> str:
    names = [table["gates"].get(gate, gate) or "–" for gate in gates.split(", ")]
    return rf"(\text{{{letter}}} = \text{{{', '.join(names)}}})"


class _Reader:
    """A formula being read."""

    def __init__(self, table: Renaming, source: str, own: frozenset[str]) -> None:
        self.table, self.own = table, own
        self.tokens: list[str] = TOKEN.findall(source)
        self.at = 0
        self.holds_matrix = False  # whether a sum in what was read last is one
        self.other = ""  # the second one of two biases, where the first was read last

    def all(self) -> str:
        text = ""
        while self.at < len(self.tokens):
            text += self.sequence(())
            if self.at < len(self.tokens):  # a bracket that closes what was not opened
                text += self.next()
        return text

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else ""

    def sequence(self, stops: tuple[str, ...]) -> str:
        """Return what stands up to one of the stops, which is not read."""
        atoms: list[Atom] = []
        while (sign := self.peek()) and sign not in stops:
            if sign.startswith(NEW_LINE) and NEW_LINE in stops:
                break
            if sign == "}" or (sign in CLOSE and not stops) or sign == r"\end":
                break
            if sign == r"\right":
                break
            atoms.append(self.atom())
        text, self.holds_matrix = joined(atoms, rows=self.table["rows"])
        return text

    def atom(self) -> Atom:
        sign = self.next()
        if not sign or sign.isspace() or sign in SPACES:
            return Atom(SPACE, sign)
        if sign == "{":
            inside = self.group()
            holds = self.holds_matrix
            return self.scripted(f"{{{inside}}}", MATRIX if holds else FACTOR)
        if sign == r"\left" or sign in OPEN:
            return self.fence(sign)
        if sign == r"\begin":
            return self.environment()
        if sign in OF_TWO:
            return self.fraction(sign)
        if sign in FUNCTIONS:
            return self.function(sign)
        if sign in AS_IT_IS:
            return self.scripted(sign + self.raw_group(), FACTOR)
        if sign in ACCENTS:
            return self.accent(sign)
        if sign in DOTS:
            return Atom(FACTOR, sign)
        if sign in SCALARS or sign[0].isdigit():
            return self.scripted(sign, SCALAR)
        if sign in LETTERS or (len(sign) == 1 and sign.isalpha()):
            return self.symbol(LETTERS.get(sign, sign), sign)
        if sign.startswith("\\") and sign[1:].isalpha() and self.peek() == "{":
            inside = self.group_after(sign)
            return self.scripted(inside, FACTOR)
        return self.scripted(sign, SEPARATOR)

    def group(self) -> str:
        """Return what stands in braces, of which the first is read."""
        text = self.sequence(("}",))
        self.next()
        return text

    def raw_group(self) -> str:
        """Return what stands in braces as it is, with them; nothing where there are none."""
        if self.peek() != "{":
            return ""
        depth, text = 0, ""
        while self.at < len(self.tokens):
            sign = self.next()
            text += sign
            depth += (sign == "{") - (sign == "}")
            if not depth:
                break
        return text

    def group_after(self, sign: str) -> str:
        self.next()
        return f"{sign}{{{self.group()}}}"

    def argument(self) -> str:
        """Return what a command takes: in braces, or one sign."""
        if self.peek() == "{":
            self.next()
            return f"{{{self.group()}}}"
        return self.atom().text

    def scripts(self) -> tuple[str, str, str]:
        """Return what stands below and above, and all of that as it is written."""
        low = high = raw = ""
        while (sign := self.peek()) and (sign in ("_", "^", "'")):
            raw += self.next()
            if sign == "'":
                continue
            text = self.raw_group() or self.next()
            inside = text[1:-1] if text.startswith("{") else text
            is_power = sign == "^" and len(inside) > 1 and not ITERATE.fullmatch(inside)
            raw += f"{{{_Reader(self.table, inside, self.own).all()}}}" if is_power else text
            if sign == "_":
                low = inside
            else:
                high = inside
        return low, high, raw

    def scripted(self, text: str, kind: str) -> Atom:
        """Return what is no symbol with its scripts."""
        _, high, raw = self.scripts()
        is_turned = high in (r"\top", "-1") and kind != SEPARATOR
        return Atom(MATRIX if is_turned else kind, text + raw)

    def fence(self, sign: str) -> Atom:
        if sign != r"\left":
            inside = self.sequence((OPEN[sign],))
            holds = self.holds_matrix
            return self.scripted(sign + inside + self.next(), MATRIX if holds else FACTOR)
        opening = sign + self.next()
        inside = self.sequence((r"\right",))
        holds = self.holds_matrix
        closing = self.next() + self.next()
        return self.scripted(opening + inside + closing, MATRIX if holds else FACTOR)

    def environment(self) -> Atom:
        name = self.raw_group()
        rows: list[list[str]] = [[""]]
        signs: list[str] = []
        while self.peek() and self.peek() != r"\end":
            if self.peek() == "&":
                self.next()
                rows[-1].append("")
            elif self.peek().startswith(NEW_LINE):
                signs.append(self.next())
                rows.append([""])
            else:
                before = self.at
                rows[-1][-1] += self.sequence(("&", NEW_LINE, r"\end"))
                if self.at == before:
                    rows[-1][-1] += self.next()
        self.next()
        closing = self.raw_group()
        is_array = name[1:-1] in ARRAYS
        if is_array and self.table["rows"] and len({len(row) for row in rows}) == 1:
            rows = [list(column) for column in zip(*rows, strict=True)]
            signs = [NEW_LINE] * (len(rows) - 1)
        inside = "".join("&".join(row) + sign for row, sign in zip(rows, [*signs, ""], strict=True))
        text = rf"\begin{name}{inside}\end{closing}"
        return self.scripted(text, MATRIX if is_array else FACTOR)

    def fraction(self, sign: str) -> Atom:
        start = self.at
        above = self.argument()
        self.other = ""
        below = self.argument()
        if self.other and self.ahead() == "=":  # ∂L/∂b of each of two biases is the same
            below += f" = {sign}{above}{{\\partial {self.other}}}"
            return Atom(FACTOR, sign + above + below)
        source = "".join(self.tokens[start : self.at])
        if not re.search(r"[A-Za-z]", source):
            return self.scripted(sign + above + below, SCALAR)
        is_slope = source.startswith(r"{\partial L}")
        kind = SLOPE if is_slope else JACOBIAN if source.count(r"\partial") > 1 else FACTOR
        return self.scripted(sign + above + below, kind)

    def ahead(self) -> str:
        """Return what stands next, whatever spaces are before it."""
        rest = self.tokens[self.at :]
        return next((sign for sign in rest if not sign.isspace()), "")

    def function(self, sign: str) -> Atom:
        text = sign
        if sign == r"\operatorname":
            text += self.raw_group()
        kind = MATRIX if "diag" in text else FACTOR
        _, _, raw = self.scripts()
        text += raw
        if self.peek() in ("(", r"\left", "{"):
            opening = self.next()
            inside = f"{{{self.group()}}}" if opening == "{" else self.fence(opening).text
            return self.scripted(text + inside, kind)
        return Atom(FACTOR if sign in (r"\sigma", "F") else SEPARATOR, text)

    def accent(self, sign: str) -> Atom:
        start = self.at
        inner = self.raw_group() or (self.next() if self.peek().strip() else "")
        if not inner and self.peek().isspace():
            self.next()
            inner = self.next()
        letter = inner.strip("{} ")
        source = sign + "".join(self.tokens[start : self.at])
        if sign == r"\hat" and letter in HATS:
            return self.symbol(HATS[letter], source)
        return self.symbol(letter, source, sign)

    def symbol(self, letter: str, source: str, over: str = "") -> Atom:
        """Return a letter with its scripts, as it is written there."""
        low, high, raw = self.scripts()
        parts = [part.strip() for part in low.split(",")] if low else []
        is_plain = "'" not in raw and all(SUB_PART.fullmatch(part) for part in parts)
        text = f"{letter}_{low}" if low else letter
        each = (
            symbol_found(self.table, letter, parts) if is_plain and text not in self.own else None
        )
        if each and each.of_another and letter in self.own:
            each = None
        if each is None:
            is_matrix = letter in MATRICES or letter == "W" or high == r"\top"
            return Atom(MATRIX if is_matrix else FACTOR, source + raw)
        kind = MATRIX if each.is_matrix or (high == r"\top") or each.of_matrix else FACTOR
        written = latex(self.table, each, high, over)
        return Atom(kind, written + self.second(each, written))

    def second(self, each: Found, written: str) -> str:
        """Return the other one of two biases, where they are added in a sum."""
        if each.second is None:
            return ""
        self.other = latex(self.table, Found(each.second, places=each.places))
        return f" + {self.other}" if self.is_summand() else ""

    def is_summand(self) -> bool:
        """Whether what was read last stands behind a plus sign."""
        before = [sign for sign in self.tokens[: self.at] if not sign.isspace()]
        while before and before.pop() != "b":
            pass
        return bool(before) and before[-1] == "+"
