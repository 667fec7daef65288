"""Weights that the user opens: what the file says, and what the experiment makes of it."""

import numpy as np

from app.components.editor.opening import content_of, printable
from app.experiment import changes, sequences, series, weights_file
from app.experiment.reading.columns import is_index
from app.experiment.reading.notice import Choice, Options, Understood
from app.experiment.resizing import with_numbers
from app.experiment.sources import Series, make
from app.experiment.value import Experiment
from app.figures.words import plural
from rnn_core import ACTIVATIONS, loss_named
from rnn_core.cells import ELMAN

SINE_STEPS = 50
SINE = Choice("use a sine as input", "sequence", "sine")
SOFTMAX = Choice("use softmax", "loss", "softmax_cross_entropy")
USE_INDEX = Choice("use the index, leave the last input out", "index", "use")
USUAL = ("tanh", "relu")


def opened_weights(
    experiment: Experiment, name: str, text: str, options: Options, size: int = 0
) -> tuple[Experiment, Understood]:
    """Take the weights in a file, which comes in base64; its size is checked first.

    The experiment takes the file's name for its title.

    Of a file that is too large only the beginning comes, with the `size` of all in bytes.

    Activation and loss are not in such a file: they stay, unless `options` name others.

    Raises
    ------
    ValueError
        It is no file of weights; one sentence.
    """
    longest = 4 * -(-weights_file.LARGEST_FILE // 3)
    if len(text) > longest:
        raise ValueError(
            f"weights file: expected at most {weights_file.LARGEST_FILE:,} bytes, "
            f"got about {len(text) // 4 * 3:,}"
        )
    try:
        content = content_of(text)
    except ValueError as error:
        raise ValueError(f"weights {error}") from None
    wanted = {"outputs": experiment.sizes[4], **options}
    params, read = weights_file.opened_weights(content, wanted, name, size)
    begins_with_index = _begins_with_index(experiment, params.input_size)
    leaves_index = begins_with_index and options.get("index") != USE_INDEX.value
    fitting = changes.with_weights(_index_last(experiment) if leaves_index else experiment, params)
    said = [*_fitted(experiment, fitting)]
    if leaves_index:
        said.append("The first was an index, which rises by equal steps: it is left out.")
    if options.get("activation") in ACTIVATIONS:
        fitting = fitting.replace(activation=options["activation"])
    if options.get("sequence") == "sine":
        fitting = _with_sine(fitting)
        said = [_of_sine(*fitting.sizes)]
    choices = [USE_INDEX] if leaves_index and options.get("sequence") != SINE.value else []
    if params.cell is ELMAN:
        now = ACTIVATIONS[fitting.activation].symbol
        usual = [ACTIVATIONS[name] for name in USUAL]
        asked = " or ".join(activation.symbol for activation in usual)
        said.append(f"The activation is not in the file: {asked}? It is {now} here.")
        choices += [Choice(f"activation: {a.symbol}", "activation", a.name) for a in usual]
    elif "activation" not in options and fitting.activation != "tanh":
        fitting = fitting.replace(activation="tanh")
        said.append("φ is tanh, as in every framework's gated cells.")
    if options.get("sequence") != "sine":
        choices.append(SINE)
    if params.output_size > 1 and fitting.has_target:
        fitting = _with_loss(fitting, options, said, choices)
    shown = printable(name)
    source = Understood((f"From {shown}.",) if shown else ())
    if shown and fitting != experiment:
        fitting = fitting.replace(title=shown.rpartition(".")[0] or shown)
    return fitting, source + read + Understood(tuple(said), tuple(choices))


def _with_loss(
    experiment: Experiment, options: Options, said: list[str], choices: list[Choice]
) -> Experiment:
    """Say which loss several outputs have, which no file tells, and offer the softmax."""
    if options.get("loss") == SOFTMAX.value:
        experiment = changes.with_loss(experiment, SOFTMAX.value)
    elif experiment.loss != SOFTMAX.value:
        choices.append(SOFTMAX)
    loss, count = loss_named(experiment.loss), plural(experiment.sizes[4], "output")
    said.append(f"The loss is not in the file: {loss.title} over {count} here.")
    return experiment


def _fitted(before: Experiment, after: Experiment) -> list[str]:
    """Say how the sequence and its target were made to fit."""
    said = []
    pairs = (("x", "input", 2), ("The target", "output", 4))
    for what, unit, axis in pairs:
        had, has = before.sizes[axis], after.sizes[axis]
        if had != has:
            way = "cut to" if has < had else "filled up with zeros to"
            said.append(f"{what} had {plural(had, unit)}: {way} {has}.")
    if before.loss != after.loss:
        said.append("A softmax needs two outputs: the loss is the binary cross-entropy.")
    return said


def _begins_with_index(experiment: Experiment, inputs: int) -> bool:
    """Return whether x has one input more than the weights, and its first counts the steps."""
    x = experiment.x()
    return x.shape[2] == inputs + 1 and all(is_index(values) for values in x[:, :, 0].T.tolist())


def _index_last(experiment: Experiment) -> Experiment:
    """Put the first input last, where what is too many is cut off."""
    x = np.roll(experiment.x(), -1, axis=2)
    return with_numbers(experiment, x, experiment.kept_target())


def _of_sine(steps: int, _batch: int, inputs: int, _hidden: int, outputs: int) -> str:
    what = (
        "x is a sine" if inputs == 1 else "The inputs are sines, each a little later in its period"
    )
    asked = "; the target is the next value." if inputs == outputs else "."
    return f"{what}, of {steps} steps{asked}"


def _with_sine(experiment: Experiment) -> Experiment:
    """Read a sine; with more than one input, each lags a part of the period behind the one before.

    Where there are as many outputs as inputs, the target is the next value.
    """
    _, _, inputs, _, outputs = experiment.sizes
    if inputs == outputs == 1:
        sine = make(Series, name="sine", length=SINE_STEPS, scaling="none")
        return sequences.with_sequence(experiment, sine).replace(weights=experiment.weights)
    values = series.named("sine").values
    lags = [round(place * series.SINE_PERIOD / inputs) for place in range(inputs)]
    cube = [[[values[step + lag] for lag in lags]] for step in range(SINE_STEPS + 1)]
    if inputs == outputs:
        return sequences.with_next_as_target(sequences.with_values(experiment, cube))
    return sequences.with_values(experiment, cube[:-1])
