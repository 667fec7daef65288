"""Reproduce: a ReLU network that starts as the identity learns what a tanh network does not.

Le, Jaitly and Hinton (2015), "A simple way to initialize recurrent networks of rectified linear
units", figure 1 (upper left): the adding problem over T = 150 steps, 100 hidden units, plain
stochastic gradient descent, batches of 16, one learning rate for a whole run, gradients clipped at
length 1 (at 100, the IRNN had not begun to learn after 270 000 updates here).

    python -m scripts.irnn_adding train "IRNN" --updates 200000
    python -m scripts.irnn_adding draw

`train` writes the mean squared error on held-out sequences, every 500 updates, to
`docs/reproduction/`; `draw` makes the figure from what is there. Six milliseconds an update.
"""

import argparse
import csv
from dataclasses import replace
from pathlib import Path

from rnn_core.training import TASKS, Clip, Settings, train

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reproduction"
FIGURE = FOLDER / "irnn-adding.png"
TASK = TASKS["adding"]
COLUMNS = ("update", "held_out_mse", "training_loss", "gradient_norm")

IRNN = Settings(
    length=150,
    hidden=100,
    batch=16,
    updates=200_000,
    activation="relu",
    initialiser="identity",
    optimiser="sgd",
    learning_rate=0.01,
    clip=Clip(norm=1.0),
    judge_every=500,
)
TANH = replace(IRNN, activation="tanh", initialiser="xavier_uniform")
RUNS = {
    "IRNN": IRNN,
    "tanh": TANH,
}


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train")
    training.add_argument("name", choices=RUNS)
    training.add_argument("--updates", type=int, default=IRNN.updates)
    commands.add_parser("draw")
    asked = parser.parse_args()
    if asked.command == "train":
        follow(asked.name, replace(RUNS[asked.name], updates=asked.updates))
    else:
        draw()


def follow(name: str, settings: Settings) -> None:
    """Train, and write a row at each look at the held-out sequences."""
    FOLDER.mkdir(exist_ok=True)
    with _file_of(name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for record in train(TASK, settings):
            if record.trouble:
                raise SystemExit(f"update {record.number}: {record.trouble} is not finite")
            if record.judged is not None:
                found = (record.judged.value, record.loss, record.gradient_norm)
                writer.writerow([record.number, *(f"{number:.6g}" for number in found)])
                file.flush()


def draw() -> None:
    """Draw the runs that were made."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    for name in RUNS:
        if _file_of(name).exists():
            with _file_of(name).open(encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            updates = [int(row["update"]) / 1000 for row in rows]
            axes.plot(updates, [float(row["held_out_mse"]) for row in rows], label=name, lw=1.2)
    baseline = TASK.baseline(IRNN.length)
    axes.axhline(baseline, color="0.4", ls="--", lw=1, label=f"always 1: {baseline:.3f}")
    axes.set(
        title="Adding problem, T = 150, H = 100",
        xlabel="updates of 16 sequences, in thousands",
        ylabel="mean squared error on 256 held-out sequences",
        ylim=(0, 0.25),
    )
    axes.legend(frameon=False)
    figure.savefig(FIGURE)


def _file_of(name: str) -> Path:
    plain = name.lower().replace(", rate ", "-").replace(".", "")
    return FOLDER / f"irnn-adding-{plain}.csv"


if __name__ == "__main__":
    main()
