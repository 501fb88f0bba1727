"""Settings come from the environment; a wrong one stops the start with a sentence."""

import pytest

from db.settings import Settings, WrongSetting, load


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_every_setting_has_a_default_and_says_what_it_means():
    assert load() == Settings()
    assert all(field.description for field in Settings.model_fields.values())


def test_a_setting_is_read_from_the_variable_of_its_name(monkeypatch):
    monkeypatch.setenv("SMTP_PORT", "25")
    monkeypatch.setenv("PUBLIC_URL", "https://portal.example.ca/")
    settings = load()
    assert (settings.smtp_port, settings.public_url, settings.behind_tls) == (
        25,
        "https://portal.example.ca",
        True,
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "mysql://x", "Setting DATABASE_URL: write sqlite:///path/to/file or postgresql"),
        ("APP_KEY", "short", "Setting APP_KEY: it has 5 bytes; give at least 32."),
        ("PUBLIC_URL", "portal.example.ca", "Setting PUBLIC_URL is 'portal.example.ca', but: "),
        ("SMTP_PORT", "many", "Setting SMTP_PORT is 'many', but: Input should be a valid integer"),
        ("SMTP_PORT", "70000", "less than or equal to 65535"),
        ("SMTP_SECURITY", "ssl", "'starttls', 'tls' or 'none'"),
        ("DEMO", "perhaps", "Setting DEMO is 'perhaps'"),
        ("STAFF_IDLE_MINUTES", "0", "greater than or equal to 1"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_wrong(monkeypatch, name, value, sentence):
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting) as wrong:
        load()
    assert sentence in str(wrong.value)


def test_every_wrong_setting_is_named_at_once_and_no_secret_is_repeated(monkeypatch):
    monkeypatch.setenv("APP_KEY", "hush")
    monkeypatch.setenv("DATABASE_URL", "mysql://portal:hush@host/x")
    monkeypatch.setenv("SMTP_PORT", "x")
    with pytest.raises(WrongSetting) as wrong:
        load()
    assert str(wrong.value).count("Setting ") == 3
    assert "hush" not in str(wrong.value)
