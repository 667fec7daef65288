"""The experiments to begin with, one entry each in `PRESETS`."""

from dataclasses import dataclass

from app.experiment.sources import Drawn, Given, Named, Numbers, Series, Text
from app.experiment.value import Experiment

DEFAULT = "first_look"


@dataclass(frozen=True)
class Preset:
    """An experiment with one sentence on what to look at."""

    name: str
    title: str
    look_at: str
    experiment: Experiment


def _column(*values: float) -> tuple[tuple[tuple[float, ...], ...], ...]:
    """One number a step: (T, 1, 1)."""
    return tuple(((value,),) for value in values)


def _pulse(steps: int, height: float = 1.0) -> tuple[tuple[tuple[float, ...], ...], ...]:
    """One number at the first step, then silence."""
    return _column(height, *[0.0] * (steps - 1))


FIRST_BITS = ((1, -1), (-1, -1), (-1, 1), (1, 1), (-1, 1), (1, -1), (-1, 1), (-1, -1), (1, 1))
PARITY_BITS = (1, 0, 1, 1, 0, 1, 0, 0)
ADDENDS = (0.3, 0.9, 0.6, 0.1, 0.8, 0.4, 0.7, 0.2, 0.5, 0.9, 0.1, 0.6, 0.3, 0.8, 0.2)
ADDED = (3, 11)  # counted from 0


def _parities() -> list[float]:
    return [float(sum(PARITY_BITS[: step + 1]) % 2) for step in range(len(PARITY_BITS))]


def _scalar(**numbers: float) -> Named:
    """Return weights of one unit and one input, each a number."""
    return Named(
        arrays=tuple(
            (name, ((number,),) if name.startswith("W") else (number,))
            for name, number in numbers.items()
        )
    )


TURNING = Given(
    W_xh=((0.8,), (-0.5,)),
    W_hh=((0.9, -0.6), (0.6, 0.9)),
    b_h=(0.0, 0.1),
    W_hy=((1.5, -1.0),),
    b_y=(0.2,),
)
LATCHED = ((0.8, 1), (0.5, 0), (-0.9, 0), (0.3, 0), (-0.6, 1), (0.7, 0), (-0.2, 0), (0.4, 0))
DELAY = 30

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "first_look",
            "First look",
            "Three steps, two hidden units: small enough to see whole.",
            Experiment(
                title="First look",
                sequence=Numbers(values=_column(1, 0.5, -1), target=_column(1)),
                weights=TURNING,
            ),
        ),
        Preset(
            "spiral",
            "Spiral",
            "W_hh turns the state by about 34° a step: the trajectory spirals, "
            "and tanh pulls it in.",
            Experiment(
                title="Spiral",
                sequence=Numbers(values=_column(1, 0.5, -1, 0, 0, 1), target=_column(1)),
                weights=TURNING,
            ),
        ),
        Preset(
            "by_hand",
            "By hand",
            "Small enough to redo on paper; at step 2 one of the two ReLUs is shut.",
            Experiment(
                title="By hand",
                sequence=Numbers(values=_column(1, -1, 1), target=_column(1)),
                weights=Given(
                    W_xh=((1.0,), (1.0,)),
                    W_hh=((0.5, 1.0), (-1.0, 0.5)),
                    b_h=(0.0, 0.0),
                    W_hy=((2.0, -1.0),),
                    b_y=(0.0,),
                ),
                activation="relu",
                loss="squared_error",
            ),
        ),
        Preset(
            "first_bit",
            "First-bit memory",
            "Unit 1 latches the first bit (its weight to itself is 3) and ignores the rest; "
            "unit 2 only sees the present.",
            Experiment(
                title="First-bit memory",
                sequence=Numbers(
                    values=tuple(tuple((float(bit),) for bit in bits) for bits in FIRST_BITS),
                    target=(((1.0,), (0.0,)),),
                ),
                weights=Given(
                    W_xh=((0.8,), (1.0,)),
                    W_hh=((3.0, 0.0), (0.0, 0.0)),
                    b_h=(0.0, 0.0),
                    W_hy=((3.0, 0.0),),
                    b_y=(0.0,),
                ),
            ),
        ),
        Preset(
            "parity",
            "Parity",
            "Two ReLU units count modulo 2: h₁ − 2h₂ is the parity of all bits so far.",
            Experiment(
                title="Parity",
                sequence=Numbers(
                    values=_column(*map(float, PARITY_BITS)), target=_column(*_parities())
                ),
                weights=Given(
                    W_xh=((1.0,), (1.0,)),
                    W_hh=((1.0, -2.0), (1.0, -2.0)),
                    b_h=(0.0, -1.0),
                    W_hy=((6.0, -12.0),),
                    b_y=(-3.0,),
                ),
                activation="relu",
                readout="every",
            ),
        ),
        Preset(
            "lstm_by_hand",
            "LSTM by hand",
            "One unit, small numbers: the forget gate is ½ at every step, so half of the cell "
            "state c stays, and what the input gate lets in is added to it.",
            Experiment(
                title="LSTM by hand",
                cell="lstm",
                sequence=Numbers(values=_column(1, 0, -1), target=_column(1)),
                weights=_scalar(
                    W_xi=1.0,
                    W_hi=0.0,
                    b_i=0.0,
                    W_xf=0.0,
                    W_hf=0.0,
                    b_f=0.0,
                    W_xg=1.0,
                    W_hg=0.5,
                    b_g=0.0,
                    W_xo=0.0,
                    W_ho=0.0,
                    b_o=0.0,
                    W_hy=2.0,
                    b_y=0.0,
                ),
                loss="squared_error",
            ),
        ),
        Preset(
            "gru_latch",
            "GRU, a memory with a switch",
            "The second input opens the update gate: where it is 1, the first one is written "
            "into the state; where it is 0, u is .98 and the state stays.",
            Experiment(
                title="GRU, a memory with a switch",
                cell="gru",
                sequence=Numbers(
                    values=tuple(((float(value), float(on)),) for value, on in LATCHED),
                    target=_column(1),
                ),
                weights=Named(
                    arrays=(
                        ("W_xr", ((0.0, 0.0),)),
                        ("W_hr", ((0.0,),)),
                        ("b_r", (0.0,)),
                        ("W_xu", ((0.0, -8.0),)),
                        ("W_hu", ((0.0,),)),
                        ("b_u", (4.0,)),
                        ("W_xn", ((2.0, 0.0),)),
                        ("W_hn", ((0.0,),)),
                        ("b_xn", (0.0,)),
                        ("b_hn", (0.0,)),
                        ("W_hy", ((3.0,),)),
                        ("b_y", (0.0,)),
                    )
                ),
            ),
        ),
        Preset(
            "gates",
            "Why gates help",
            "The first input is asked for after thirty steps. With forget gates near 1 the "
            "gradient by the cell state reaches step 1; with the cell Elman it vanishes.",
            Experiment(
                title="Why gates help",
                cell="lstm",
                sequence=Numbers(values=_pulse(DELAY), target=_column(1)),
                weights=Drawn(
                    scheme="uniform_pytorch",
                    seed=3,
                    hidden=4,
                    edits=tuple(("b_f", unit, 0, 4.0) for unit in range(4)),
                ),
            ),
        ),
        Preset(
            "vanishing",
            "Vanishing gradient",
            "Spectral radius ½: each step back halves the gradient, so the first input hardly "
            "counts.",
            Experiment(
                title="Vanishing gradient",
                sequence=Numbers(values=_pulse(20), target=_column(1)),
                weights=Drawn(scheme="orthogonal", seed=3, hidden=4, spectral_radius=0.5),
            ),
        ),
        Preset(
            "exploding",
            "Exploding gradient",
            "Spectral radius 1.5 and no squashing: the gradient grows by half at each step back.",
            Experiment(
                title="Exploding gradient",
                sequence=Numbers(values=_pulse(20, 0.01), target=_column(1)),
                weights=Drawn(scheme="orthogonal", seed=3, hidden=4, spectral_radius=1.5),
                activation="identity",
                loss="squared_error",
            ),
        ),
        Preset(
            "saturated",
            "Saturated",
            "Large weights push tanh to ±1, where its slope is nearly 0: the gradient dies "
            "although the weights are large.",
            Experiment(
                title="Saturated",
                sequence=Numbers(
                    values=_column(2, -3, 3, -2, 3, 2, -3, 2, -2, 3), target=_column(0)
                ),
                weights=Drawn(scheme="orthogonal", seed=5, hidden=3, spectral_radius=3.0),
            ),
        ),
        Preset(
            "irnn",
            "IRNN",
            "W_hh = I with ReLU: the state adds up and the gradient neither grows nor shrinks "
            "(the adding problem: sum the two marked numbers).",
            Experiment(
                title="IRNN",
                sequence=Numbers(
                    values=tuple(
                        ((value, float(step in ADDED)),) for step, value in enumerate(ADDENDS)
                    ),
                    target=_column(sum(ADDENDS[step] for step in ADDED)),
                ),
                weights=Drawn(
                    scheme="identity",
                    seed=1,
                    hidden=6,
                    edits=tuple(("W_hy", 0, unit, 0.5) for unit in range(6)),
                ),
                activation="relu",
                loss="squared_error",
            ),
        ),
        Preset(
            "sine",
            "Sine, next value",
            "An untrained network reads a sine and is asked for the next value at every step.",
            Experiment(
                title="Sine, next value",
                sequence=Series(name="sine", length=50, scaling="none"),
                weights=Drawn(scheme="orthogonal", seed=2, hidden=4, spectral_radius=0.95),
                loss="squared_error",
                readout="every",
            ),
        ),
        Preset(
            "sunspots",
            "Sunspots 1700–1799",
            "A century of real data: the state follows the eleven-year cycle even before any "
            "training.",
            Experiment(
                title="Sunspots 1700–1799",
                sequence=Series(name="sunspots", first=0, length=100),
                weights=Drawn(scheme="orthogonal", seed=4, hidden=4, spectral_radius=0.9),
                loss="squared_error",
                readout="every",
            ),
        ),
        Preset(
            "text",
            "Text, next character",
            "A sentence read character by character: the loss of an untrained network is near "
            "log of the alphabet's size.",
            Experiment(
                title="Text, next character",
                sequence=Text(text="to be or not to be"),
                weights=Drawn(scheme="xavier_uniform", seed=1, hidden=8),
                loss="softmax_cross_entropy",
                readout="every",
            ),
        ),
    )
}


def default() -> Experiment:
    """Return the experiment of the front page."""
    return PRESETS[DEFAULT].experiment


def name_of(experiment: Experiment) -> str | None:
    """Return the preset that this experiment still is, unchanged."""
    shown_first = {"sample": 0}
    same = experiment.model_copy(update=shown_first)
    return next((name for name, preset in PRESETS.items() if preset.experiment == same), None)


def is_title(title: str) -> bool:
    """Whether a preset has that title."""
    return title in {preset.title for preset in PRESETS.values()}


def called(experiment: Experiment) -> str:
    """Return the experiment's title; with a preset's, a changed one says that it is changed."""
    title = experiment.title
    is_changed = is_title(title) and name_of(experiment) is None
    return f"{title} (changed)" if is_changed else title
