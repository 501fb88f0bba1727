#!/usr/bin/env python3
"""From a fresh clone: `python3 manage.py demo` opens the portal, `python3 manage.py test` checks all of it.

Both set up what they need, in .venv and var, and say in a sentence what stands in their way.
"""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUN, TEST, PINS = ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt", ROOT / "constraints.txt"
FIRST_PORT = 8501
CHECKS = {
    "ruff check": ["-m", "ruff", "check"],
    "ruff format": ["-m", "ruff", "format", "--check"],
    "mypy": ["-m", "mypy"],
    "import-linter": [
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])",
    ],
}
# Files in the order of their folders, the browser first: else the slow ones of few tests are left to the end.
TESTS = ["-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
# The first has no windows to draw, which saves a third of the processor's time; Debian's name of its package too.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")


class Stop(Exception):
    """Something stands in the way; the message is the sentence to print."""


def demo() -> int:
    """Opens a portal full of invented people, on a database of its own, and serves it until stopped."""
    install(RUN)
    port = free_port()
    address = f"http://localhost:{port}"
    os.environ |= {"DEMO": "true", "DATABASE_URL": "sqlite:///var/demo.db", "PORT": str(port)}
    os.environ["SMTP_HOST"] = ""  # nothing is mailed, whatever this machine's environment says
    os.environ.setdefault("PUBLIC_URL", address)
    if run(PYTHON, "-m", "db.demo"):
        raise Stop("The demo was not made; the lines above say why.")
    server = subprocess.Popen([PYTHON, "app.py"], cwd=ROOT, start_new_session=True)  # Ctrl+C is for us alone
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        wait_until_up(server, address)
        say(f"\nThe portal is at {os.environ['PUBLIC_URL']} (Ctrl+C ends it).\n")
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()


def test() -> int:
    """Runs the checks and every test; 0 when all is well. pytest's closing line comes last."""
    install(RUN, TEST)
    find_browser()
    failed = [name for name, command in CHECKS.items() if not passes(name, *command)]
    if failed:
        say(f"NOT CLEAN: {', '.join(failed)}. The tests follow.")
    return run(PYTHON, *TESTS, *sys.argv[2:]) or int(bool(failed))


def install(*wanted: Path) -> None:
    """Makes .venv and installs what is pinned, unless that has been done for these very files."""
    state = hashlib.sha256(b"".join(file.read_bytes() for file in (PINS, *wanted))).hexdigest()
    stamp = VENV / f"installed-{len(wanted)}"
    if stamp.exists() and stamp.read_text() == state:
        return
    if not PYTHON.exists() and run(sys.executable, "-m", "venv", str(VENV)):
        raise Stop("No virtual environment could be made. On Debian or Ubuntu: apt-get install python3.11-venv")
    say("Installing the packages into .venv, once: a minute or two.")
    files = [part for file in wanted for part in ("-r", str(file))]
    if run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-c", str(PINS), *files):
        raise Stop("The packages could not be installed; pip's lines above say why. Is there a network?")
    stamp.write_text(state)


def find_browser() -> None:
    """Sees to a Chromium; says loudly what is left out without one."""
    if shutil.which(BROWSERS[0]) or installs_by_apt(BROWSERS[0]) or any(map(shutil.which, BROWSERS)):
        return
    say("No Chromium is here; installing one.")
    if installs_by_apt("chromium") or run(PYTHON, "-m", "playwright", "install", "chromium") == 0:
        return
    left_out = ", ".join(sorted(file.name for file in (ROOT / "tests" / "browser").glob("test_*.py")))
    say(f"{'!' * 80}\nNO BROWSER: these tests are LEFT OUT: {left_out}.\n{'!' * 80}")
    if os.environ.get("CI") == "true":
        raise Stop("In CI nothing may be left out. Install Chromium.")


def installs_by_apt(package: str) -> bool:
    """Installs one where this machine is Debian or Ubuntu and ours; whether it is there now."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    run("apt-get", "update", "-q")
    run("apt-get", "install", "-q", "-y", "--no-install-recommends", package)
    return shutil.which(package) is not None


def passes(name: str, *command: str) -> bool:
    """Runs one check and says how long it took."""
    began = time.monotonic()
    failed = run(PYTHON, *command)
    say(f"{name}: {'FAILED' if failed else 'passed'} in {time.monotonic() - began:.0f} s")
    return not failed


def run(*command: str | Path, **environment: str) -> int:
    """Runs a command in the portal's folder; its exit code."""
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment).returncode


def free_port() -> int:
    """PORT where it is set, else the first free one from 8501 on."""
    wanted = os.environ.get("PORT", "")
    ports = [int(wanted)] if wanted.isdigit() else range(FIRST_PORT, FIRST_PORT + 50)
    for port in ports:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise Stop(f"Port {ports[0]} is taken. Choose another: PORT=8600 python3 manage.py demo")


def wait_until_up(server: subprocess.Popen[bytes], address: str) -> None:
    """Returns when the portal answers. Raises Stop when its process ends before."""
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310 - our own
            return
        except OSError:
            time.sleep(0.2)
    raise Stop("The portal did not start; the lines above say why.")


def say(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    """The exit code of the command that was asked for."""
    commands = {"demo": demo, "test": test}
    command = commands.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if command is None:
        say("Write: python3 manage.py demo   or: python3 manage.py test")
        return 2
    if sys.version_info[:2] != (3, 11):
        other = shutil.which("python3.11")
        if other is None:
            say(
                f"This needs Python 3.11; this is {sys.version.split()[0]}. Install it: apt-get install python3.11"
            )
            return 2
        os.execv(other, [other, *sys.argv])  # noqa: S606
    try:
        return command()
    except Stop as stop:
        say(str(stop))
        return 1


if __name__ == "__main__":
    sys.exit(main())
