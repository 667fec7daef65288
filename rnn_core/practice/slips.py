"""The reckonings of `mistakes`: each overrides the one formula that is done wrongly."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.cells.cell import ADD, BEFORE, INPUT
from rnn_core.interpreter.program import Instruction
from rnn_core.practice.arithmetic import NUMPY, Arithmetic
from rnn_core.practice.network import Network
from rnn_core.practice.reckoning import Reckoning, Term, Written, consumers

OTHER_FUNCTION = {"tanh": "sigmoid", "sigmoid": "tanh"}


class BiasForgotten(Reckoning):
    """W x + W h without b."""

    def applied(self, step: Instruction, t: int) -> Any:
        """Leave the parameters out of a sum."""
        if step.op.name != ADD:
            return super().applied(step, t)
        shapes = self.network.cell.shapes
        return sum(
            self.forward_operand(each, t, step) for each in step.operands if each not in shapes
        )


class StateNotCarried(Reckoning):
    """h_0 for h_{t-1} in the forward pass."""

    def forward_operand(self, operand: "str | float", t: int, by: Instruction) -> Any:
        """Read the initial state at every step."""
        if isinstance(operand, str) and operand.endswith(BEFORE):
            return self.initial(operand.removesuffix(BEFORE))
        return super().forward_operand(operand, t, by)


class InputBefore(Reckoning):
    """x_{t-1} for x_t in the forward pass."""

    def forward_operand(self, operand: "str | float", t: int, by: Instruction) -> Any:
        """Read the input of the step before, if there is one."""
        if operand == INPUT and t > 1:
            return self.network.x[t - 2]
        return super().forward_operand(operand, t, by)


class ColumnsForRows(Reckoning):
    """Wᵀ v for W v, where the matrix is square."""

    def applied(self, step: Instruction, t: int) -> Any:
        """Multiply the vector by the matrix from the left."""
        if step.op.of_matrix:
            W, v = self.operands(step, t)
            if W.shape[0] == W.shape[1]:
                return v @ W
        return super().applied(step, t)


class FunctionLeftOut(Reckoning):
    """h = z, or p = a."""

    def applied(self, step: Instruction, t: int) -> Any:
        """Return what a function is applied to."""
        return self.operands(step, t)[0] if step.op.closes else super().applied(step, t)

    def predicted(self, a: FloatArray) -> FloatArray:
        """Return the logits."""
        return a


class OtherFunction(Reckoning):
    """σ for tanh, and tanh for σ."""

    def applied(self, step: Instruction, t: int) -> Any:
        """Apply the other function."""
        other = OTHER_FUNCTION.get(step.op.name)
        if other is None:
            return super().applied(step, t)
        return self.arithmetic.activated(other, self.operands(step, t)[0])


class GatesSwapped(Reckoning):
    """One gate where another belongs, and the other way round."""

    def __init__(
        self,
        network: Network,
        written: Written,
        arithmetic: Arithmetic = NUMPY,
        *,
        pair: tuple[str, str],
    ) -> None:
        super().__init__(network, written, arithmetic)
        self.other = dict(zip(pair, reversed(pair), strict=True))

    def read(self, operand: "str | float", t: int, by: Instruction | None = None) -> Any:
        """Read the other gate."""
        return super().read(operand if by is None else self.other.get(str(operand), operand), t, by)

    def arriving(self, name: str, t: int) -> Iterator[FloatArray]:
        """Yield what belongs to the other gate."""
        return super().arriving(self.other.get(name, name), t)


class GateTurned(Reckoning):
    """1 − u for u, and u for 1 − u."""

    def __init__(
        self,
        network: Network,
        written: Written,
        arithmetic: Arithmetic = NUMPY,
        *,
        gate: str,
    ) -> None:
        super().__init__(network, written, arithmetic)
        self.gate = gate

    def read(self, operand: "str | float", t: int, by: Instruction | None = None) -> Any:
        """Read the complement of the gate."""
        found = super().read(operand, t, by)
        return 1 - found if by is not None and operand == self.gate else found

    def arriving(self, name: str, t: int) -> Iterator[FloatArray]:
        """Yield the gradient by the gate with the other sign."""
        for part in super().arriving(name, t):
            yield -part if name == self.gate else part


class OtherClass(Reckoning):
    """−log(1 − p) where y = 1."""

    def term(self, a: FloatArray, y: FloatArray) -> FloatArray:
        """Return the loss of the other class."""
        return super().term(a, 1 - y if self.family.prediction_op == "sigmoid" else y)


class CommonLogarithm(Reckoning):
    """−log₁₀ p for −ln p."""

    def term(self, a: FloatArray, y: FloatArray) -> FloatArray:
        """Return the loss to base 10."""
        base = 1.0 if self.family.prediction_op == "identity" else np.log(10.0)
        found: FloatArray = super().term(a, y) / base
        return found


class HalfForgotten(Reckoning):
    """(a − y)² for ½ (a − y)², and its derivative."""

    def term(self, a: FloatArray, y: FloatArray) -> FloatArray:
        """Return the loss without its factor."""
        found: FloatArray = super().term(a, y) * self.factor
        return found

    def delta(self, t: int) -> FloatArray:
        """Return the derivative of the loss without its factor."""
        return super().delta(t) * self.factor

    @property
    def factor(self) -> float:
        """2 where the loss has a half."""
        return 2.0 if self.family.name == "squared_error" else 1.0


class TargetMinus(Reckoning):
    """y − p for p − y."""

    def delta(self, t: int) -> FloatArray:
        """Return the difference the other way round."""
        return -super().delta(t)


class TargetForgotten(Reckoning):
    """p for p − y."""

    def delta(self, t: int) -> FloatArray:
        """Return the prediction, where there are classes."""
        given = super().delta(t)
        return given + self.target(t) if self.family.prediction_op != "identity" else given


class SlopeOfPrediction(Reckoning):
    """(p − y) p (1 − p) for p − y."""

    def delta(self, t: int) -> FloatArray:
        """Multiply σ′(a) in."""
        p = self.own("value", "p", t)
        once = super().delta(t)
        return once * p * (1 - p) if self.family.prediction_op == "sigmoid" else once


class NoTranspose(Reckoning):
    """W δ for Wᵀ δ, where the matrix is square."""

    def carried(self, step: Instruction, slot: int, t: int) -> FloatArray:
        """Multiply by the matrix itself."""
        if step.op.of_matrix:
            W, above = self.operands(step, t)[0], self.above(step, t)
            if W.shape[0] == W.shape[1]:
                found: FloatArray = W @ above
                return found
        return super().carried(step, slot, t)


class _Slope(Reckoning, ABC):
    """A wrong φ′."""

    def carried(self, step: Instruction, slot: int, t: int) -> FloatArray:
        """Multiply by the wrong slope."""
        if not step.op.closes:
            return super().carried(step, slot, t)
        z = self.operands(step, t)[0]
        found: FloatArray = self.above(step, t) * self.slope(step, z, t)
        return found

    @abstractmethod
    def slope(self, step: Instruction, z: FloatArray, t: int) -> Any:
        """Return what stands in place of φ′(z)."""


class SlopeAtValue(_Slope):
    """φ′(h) for φ′(z)."""

    def slope(self, step: Instruction, z: FloatArray, t: int) -> Any:
        """Return φ′ at φ(z)."""
        return self.arithmetic.slope(step.op.name, self.read(step.name, t))


class SlopeOfInput(_Slope):
    """1 − z² for 1 − h²."""

    def slope(self, step: Instruction, z: FloatArray, t: int) -> Any:
        """Return the formula of φ′ with z in place of φ(z)."""
        return self.arithmetic.slope_by(step.op.name, z, z)


class SlopeForgotten(_Slope):
    """No φ′ at all."""

    def slope(self, step: Instruction, z: FloatArray, t: int) -> Any:
        """Return 1."""
        return 1.0


class LaterForgotten(Reckoning):
    """∂L/∂h_t without the way through h_{t+1}."""

    def arriving(self, name: str, t: int) -> Iterator[FloatArray]:
        """Yield what comes from this step alone."""
        return self.from_steps(name, t, later=0)

    def from_steps(self, name: str, t: int, *, later: int) -> Iterator[FloatArray]:
        """Yield what comes from this step (0) or the next one (1)."""
        for consumer in consumers(self.plan, name):
            at = t + consumer.later
            there = at <= self.network.steps and self.is_computed(consumer.step, at)
            if consumer.later == later and there:
                yield self.carried(consumer.step, consumer.slot, at)


class NowForgotten(LaterForgotten):
    """∂L/∂h_t without the way through its own logits, where there is another."""

    def arriving(self, name: str, t: int) -> Iterator[FloatArray]:
        """Yield what comes from the next step alone, to a state that has one."""
        reads_later = name in self.network.cell.states and t < self.network.steps
        return self.from_steps(name, t, later=int(reads_later))


class StateAfter(Reckoning):
    """h_t for h_{t-1} in δ_t h_{t-1}ᵀ."""

    def multiplied(self, step: Instruction, t: int) -> Any:
        """Return the state of this step."""
        operand = str(step.operands[1])
        if operand.endswith(BEFORE):
            return self.own("value", operand.removesuffix(BEFORE), t)
        return super().multiplied(step, t)


class OneStep(Reckoning):
    """A single term of the sum over time, that of step t, where it is not 0."""

    def __init__(
        self,
        network: Network,
        written: Written,
        arithmetic: Arithmetic = NUMPY,
        *,
        t: int,
    ) -> None:
        super().__init__(network, written, arithmetic)
        self.t = t

    def collected(self, name: str, parts: Sequence[Term]) -> FloatArray:
        """Return one step's term; nan where it is 0, which nobody would take for a sum."""
        alone = [term for step, term in parts if step == self.t]
        found = sum(alone[1:], alone[0]) if alone else np.zeros_like(self.network.parameters[name])
        single: FloatArray = self.arithmetic.unless_zero(found)
        return single


class MeanForSum(Reckoning):
    """The mean over the steps."""

    def collected(self, name: str, parts: Sequence[Term]) -> FloatArray:
        """Divide by the number of steps."""
        return super().collected(name, parts) / len({t for t, _ in parts})


class OuterTurned(Reckoning):
    """h_{t-1} δ_tᵀ for δ_t h_{t-1}ᵀ, of a square matrix."""

    def collected(self, name: str, parts: Sequence[Term]) -> FloatArray:
        """Transpose the sum."""
        found = super().collected(name, parts)
        return found.T if found.ndim == 2 and found.shape[0] == found.shape[1] else found
