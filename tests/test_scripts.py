"""What the scripts do where nothing is installed, and in a container."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import chromium, healthcheck, install_chromium, serve
from tests.conftest import ROOT, Server


def test_without_a_browser_one_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(install_chromium, "driver_starts", lambda: True)
    monkeypatch.setattr(install_chromium, "found", lambda: None)
    monkeypatch.setattr(
        install_chromium, "attempt", lambda command, **_: bool(commands.append(command))
    )
    assert install_chromium.main() == 1
    assert "install" in commands[0]
    message = capsys.readouterr().err.strip()
    assert message == install_chromium.ADVICE
    assert message.count("\n") == 0


def test_a_driver_that_lacks_a_library_gets_it_or_one_sentence_says_which(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed: list[str] = []
    monkeypatch.setattr(install_chromium, "found", lambda: "/somewhere/chromium")
    monkeypatch.setattr(install_chromium, "from_apt", installed.append)
    monkeypatch.setattr(install_chromium, "driver_starts", lambda: bool(installed))
    assert install_chromium.main() == 0
    assert installed == ["libatomic1"]
    monkeypatch.setattr(install_chromium, "driver_starts", lambda: False)
    assert install_chromium.main() == 1
    assert capsys.readouterr().err.strip() == install_chromium.DRIVER_ADVICE


def test_a_browser_that_is_there_is_not_installed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install_chromium, "driver_starts", lambda: True)
    monkeypatch.setattr(install_chromium, "found", lambda: "/somewhere/chromium")
    monkeypatch.setattr(
        install_chromium, "attempt", lambda *_, **__: pytest.fail("installs needlessly")
    )
    assert install_chromium.main() == 0


def test_a_program_that_does_not_start_is_not_taken_for_a_browser(tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    broken.chmod(0o755)
    assert not chromium.starts(str(broken))
    assert not chromium.starts(str(tmp_path / "missing"))
    assert chromium.starts(sys.executable)


def test_the_container_listens_on_the_port_it_is_given() -> None:
    command = serve.command("9000", ["--server.baseUrlPath=x"])
    assert "--server.port=9000" in command
    assert command[-1] == "--server.baseUrlPath=x"
    assert serve.MAIN.is_file()


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "80 --x", "٣"])
def test_a_port_that_is_none_is_refused_in_a_sentence(port: str) -> None:
    with pytest.raises(SystemExit, match="PORT must be a number from 1 to 65535"):
        serve.command(port, [])


def left_out(dockerfile: str, ignored: str) -> list[str]:
    """Return what an image copies of this folder that the builder is not sent."""
    lines = [line.split() for line in dockerfile.splitlines() if line.startswith("COPY ")]
    copied = [name for _, *names, _ in lines if "--from" not in names[0] for name in names]
    sent = [line[1:] for line in ignored.splitlines() if line.startswith("!")]
    return [
        name for name in copied if not any(each == name or name in each.split("/") for each in sent)
    ]


def test_the_builder_of_the_image_is_sent_what_it_copies() -> None:
    dockerfile, ignored = ((ROOT / name).read_text() for name in ("Dockerfile", ".dockerignore"))
    assert ignored.startswith("*\n")
    assert left_out(dockerfile, ignored) == []
    assert left_out("COPY a b/c.txt /x/\nCOPY --from=y z /z\n", "*\n!a\n") == ["b/c.txt"]


def test_the_health_check_tells_a_live_server_from_none(server: Server) -> None:
    assert healthcheck.healthy(server.url.rpartition(":")[2])
    assert not healthcheck.healthy("1")


def test_the_container_scripts_need_nothing_but_python() -> None:
    for script in (serve, healthcheck):
        imported = "import sys; sys.argv = ['x']; import runpy; runpy.run_path({!r}); "
        imported += "print('streamlit' in sys.modules)"
        printed = subprocess.run(
            [sys.executable, "-S", "-c", imported.format(script.__file__)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert printed.stdout.strip() == "False"
