"""The files for several processes behind one address agree with one another and with the app."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROXY = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
COMPOSE = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")


def test_the_proxy_knows_the_processes_that_are_started() -> None:
    started = set(re.findall(r"^  (unrolled-\d+): \*unrolled$", COMPOSE, re.MULTILINE))
    upstreams = dict(re.findall(r"upstream (\w+) \{(.*?)\}", PROXY, re.DOTALL))
    usual = {
        name: re.findall(r"server ([\w-]+):8501(?! backup)[^;]*;", text)
        for name, text in upstreams.items()
    }
    assert {server for servers in usual.values() for server in servers} == started
    assert all(len(servers) == 1 for servers in usual.values())  # a visitor stays with one
    for text in upstreams.values():  # and finds another where that one is gone
        assert set(re.findall(r"server ([\w-]+):8501", text)) == started


def test_who_comes_without_a_cookie_is_given_one_of_the_processes() -> None:
    upstreams = re.findall(r"upstream (\w+)", PROXY)
    (kept,) = re.findall(r"map \$cookie_unrolled_process \$process \{(.*?)\}", PROXY, re.DOTALL)
    (newcomers,) = re.findall(r"split_clients \$request_id \$newcomer \{(.*?)\}", PROXY, re.DOTALL)
    assert re.findall(r"(\w+)\s+(\w+);", kept) == [
        *((name, name) for name in upstreams),
    ]
    assert "default $newcomer;" in kept
    assert re.findall(r"(\w+);", newcomers) == upstreams
    assert 'Set-Cookie "unrolled_process=$process;' in PROXY


def test_the_proxy_lets_files_through_that_the_app_takes() -> None:
    (most,) = re.findall(r"client_max_body_size (\d+)m;", PROXY)
    config = (ROOT / "app" / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert int(most) > tomllib.loads(config)["server"]["maxUploadSize"]


def test_a_port_of_this_machine_leads_to_the_proxy() -> None:
    (port,) = re.findall(r"listen (\d+);", PROXY)
    assert f'"127.0.0.1:${{PORT:-{port}}}:{port}"' in COMPOSE
