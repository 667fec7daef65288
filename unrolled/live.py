"""A network of one's own, shown with every number: in a notebook, in the browser, or as a file."""

import sys
import tempfile
import webbrowser
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core import Gradients, Trace, backward, forward
from unrolled import home, modules
from unrolled.agreement import agreement
from unrolled.experiments import experiment_of

APP = "http://localhost:8501/"  # where the command `unrolled` opens the app
AGREES = 1e-9
HEIGHT = 900  # pixels of the page in a notebook
UNTRUSTED = "Trust this notebook, or run the cell, to see the network here."
"""All of the page in a notebook from elsewhere: Jupyter takes the frame away, and not its text."""
FRAME = "unrolled-page"
THEMES = {
    "light": ('[data-jp-theme-light="true"]', ".vscode-light", "[theme=light]"),
    "dark": ('[data-jp-theme-light="false"]', ".vscode-dark", "[theme=dark]", "[data-theme=dark]"),
}
"""How Jupyter, VS Code, Colab and sites of notebooks say their theme. A page in a frame takes the
`color-scheme` of the frame for what its reader prefers."""
STYLE = "".join(
    f"{','.join(f'{each} .{FRAME}' for each in places)}{{color-scheme:{scheme}}}"
    for scheme, places in THEMES.items()
)
KERNELS = ("ipykernel", "google.colab")  # one is loaded where a notebook shows what a cell returns


@dataclass(frozen=True)
class Page:
    """A page with the network, which works without a server; a notebook shows it."""

    html: str = field(repr=False)
    said: str  # what was compared, and done to the network
    token: str = field(repr=False)  # what the address of the app has of it
    longest: int = field(repr=False)  # characters of one that fits

    def _repr_html_(self) -> str:
        text = self.html.replace("&", "&amp;").replace('"', "&quot;")
        return (
            f"<style>{STYLE}</style>"
            f'<iframe srcdoc="{text}" class="{FRAME}" sandbox="allow-scripts allow-downloads" '
            f'style="width:100%;height:{HEIGHT}px;border:0" title="Unrolled">{UNTRUSTED}</iframe>'
        )

    def save(self, path: str | Path) -> Path:
        """Write the page into a file and return its path."""
        file = Path(path)
        file.write_text(self.html, encoding="utf-8")
        return file

    def open(self) -> None:
        """Open the page in the browser, from the temporary folder; print where it is."""
        folder = Path(tempfile.mkdtemp(prefix="unrolled-"))
        file = self.save(folder / "network.html")
        if webbrowser.open(file.as_uri()):
            print(f"opened {file}")
        else:
            print(f"there is no browser: open {file}")

    @property
    def experiment(self) -> str:
        """The address that opens the experiment in the app, where it runs on this machine.

        Raises
        ------
        ValueError
            It is too long for an address.
        """
        if len(self.token) > self.longest:
            raise ValueError(
                f"experiment: expected at most {self.longest:,} characters for an address, got "
                f'{len(self.token):,}; .save("page.html") keeps all of it, and the command '
                "`unrolled` opens its weights and its sequence from files"
            )
        return f"{APP}?e={self.token}"


def show(
    model: Any,
    x: Any,
    y: Any = None,
    *,
    loss: Any = "mean_squared_error",
    readout: str = "last",
    activation: str | None = None,
    title: str = "",
    browser: bool | None = None,
) -> Page:
    """Show every number of a network's forward pass and of back-propagation through time.

    Parameters
    ----------
    model
        An nn.RNN, nn.GRU or nn.LSTM of one layer in one direction, or its cell: alone, as a pair
        with an nn.Linear, or in a module that has weights in these two only; the `state_dict` of
        both; or `rnn_core.Parameters`. PyTorch is not imported.
    x
        The input, (T, D) or (T, B, D); (B, T, D) for a module that is `batch_first`.
    y
        The target as `rnn_core.forward` takes it, the batch first where x has it first; without
        one, there is no loss.
    loss
        A name in `rnn_core.LOSSES`, or nn.MSELoss(), nn.BCEWithLogitsLoss(), nn.CrossEntropyLoss()
        or nn.HuberLoss().
    readout
        "last" or "every": the steps after which the logits are read.
    activation
        φ of a state dict or of `Parameters`: "tanh" where it is not said.
    browser
        Whether to open the page in the browser; usually where no notebook shows it.

    Raises
    ------
    ValueError
        The model is none of these, the arrays do not fit, or the run is too large for a page.
    """
    network = modules.live(model, activation)
    trace = _run(network, x, y, modules.loss_name(loss), readout)
    grads = None if trace.loss is None else backward(trace)
    said = _said(network, trace, grads)
    print(said)
    page = _page(trace, title or _title(model), said)
    wanted = browser if browser is not None else not any(name in sys.modules for name in KERNELS)
    if wanted:
        page.open()
    return page


def _run(network: modules.Live, x: Any, y: Any, loss: str, readout: str) -> Trace:
    inputs = modules.numbers(x, "x")
    target: NDArray[np.float64] | None = None if y is None else modules.numbers(y, "y")
    if network.batch_first and inputs.ndim == 3:
        width = network.params.input_size
        if inputs.shape[2] != width:
            raise ValueError(
                f"x: expected shape (B, T, D) with D = {width} for a module that is batch_first, "
                f"got {inputs.shape}"
            )
        inputs = np.moveaxis(inputs, 0, 1)
        if target is not None and target.ndim > 1 and readout == "every":
            target = np.moveaxis(target, 0, 1)
    return forward(
        network.params,
        inputs,
        target,
        activation=network.activation,
        loss=loss,
        readout=readout,
    )


def _said(network: modules.Live, trace: Trace, grads: Gradients | None) -> str:
    """Return in a line how far the numbers are from the module's own."""
    parts = [*network.said]
    if network.recurrent is None:
        parts.insert(0, "not compared: there is no module to compare with")
        return "; ".join(parts)
    found = agreement(network, trace, grads)
    size = f"{found.difference:.0e}"
    if found.difference <= AGREES:
        parts.insert(0, f"agrees with your module to {size}")
    else:
        parts.insert(0, f"differs from your module by {size} in {found.of}")
    if found.same_output is False:
        parts.append("your module's own output is another one: it does more than these two")
    return "; ".join(parts)


def _title(model: Any) -> str:
    return "" if isinstance(model, tuple | list | dict) else type(model).__name__[:80]


def _page(trace: Trace, title: str, said: str) -> Page:
    home.require_packages()
    with home.the_app():
        from app.components.portable.page import portable_page
        from app.experiment import link

        experiment = experiment_of(trace, title=title)
        html = portable_page(experiment, at="end").decode()
        return Page(html, said, link.encode(experiment), link.MAX_TOKEN)
