"""What a real server writes while somebody visits: JSON, line by line, and not from where they came."""

import json
import time
import urllib.request
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.browser.harness import served


def test_a_visit_leaves_no_address_in_the_log_and_every_line_is_json(tmp_path: Path) -> None:
    with served(tmp_path, LOG_LEVEL="debug") as site:
        stream = site.url.replace("http", "ws") + "/_stcore/stream"
        urllib.request.urlopen(site.url, timeout=20).close()
        with connect(stream, origin=site.url, subprotocols=["streamlit"]) as visit:  # type: ignore[list-item,arg-type]
            ports = {f":{visit.local_address[1]}"}
        with pytest.raises(Exception, match="403"), connect(stream, origin="https://evil.example") as refused:  # type: ignore[arg-type]
            ports.add(f":{refused.local_address[1]}")
        deadline = time.monotonic() + 10
        while "WebSocket" not in site.log.read_text() and time.monotonic() < deadline:
            time.sleep(0.1)
        invitation = site.printed(r"The portal has no admin yet.*\n.*\n")
    written = site.log.read_text()
    assert "WebSocket" in written, "nothing was logged of the visit, so nothing is proved"
    lines = written.replace(invitation, "").splitlines()
    assert [line for line in lines if not line.startswith("{")] == []
    assert all(json.loads(line)["event"] for line in lines)
    assert [line for line in lines if "127.0.0.1" in line or any(port in line for port in ports)] == []
