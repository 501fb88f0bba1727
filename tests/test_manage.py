"""The demo's command: it mails nothing, whatever the environment says."""

import os
import subprocess
import sys

import pytest

import manage


def test_the_demo_mails_nothing_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEMO", "DATABASE_URL", "PORT", "PUBLIC_URL"):
        monkeypatch.setenv(name, "")  # so that what the command sets is undone
    monkeypatch.setenv("SMTP_HOST", "mail.example.ca")
    monkeypatch.setattr(manage, "install", lambda *_: None)
    seen: list[str] = []
    monkeypatch.setattr(manage, "run", lambda *_: seen.append(os.environ["SMTP_HOST"]) or 1)
    with pytest.raises(manage.Stop):
        manage.demo()
    assert seen == [""]


def test_a_command_that_hashes_a_password_says_nothing_of_pages_that_it_does_not_draw() -> None:
    hashes = "from db.accounts.passwords import hashed; hashed('demo of clean water')"
    done = subprocess.run([sys.executable, "-c", hashes], cwd=manage.ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
