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
        ("PUBLIC_URL", "https://portal.example.ca/path", "without a path"),
        ("PUBLIC_URL", "https://portal.example.ca?x=1", "without a path"),
        ("PUBLIC_URL", "https://portal.example.ca x", "without a path"),
        ("PUBLIC_URL", "https://portal.example.ca\n", "without a path"),
        ("PUBLIC_URL", "https://portal.example.ca:port", "without a path"),
        ("MAIL_FROM", "garbage", "Setting MAIL_FROM is 'garbage', but: write "),
        ("MAIL_FROM", "Portal <a@b.ca>, <c@d.ca>", "write "),
        ("MAIL_FROM", "Portal <a@b.ca>\nBcc: c@d.ca", "write "),
        ("FIRST_ADMIN_EMAIL", "not an email", "is 'not an email', but: it is not an e-mail address"),
        ("TILE_URL", "https://tiles.ca/{z}/{x}/{y}.png; script-src *", "Setting TILE_URL"),
        ("TILE_URL", "https://tiles.ca; script-src */{z}/{x}/{y}", "Setting TILE_URL"),
        ("TILE_URL", "https://tiles.ca/{z}/{x}.png", "{z}, {x} and {y}"),
        ("ADDRESS", "0.0.0.0.0", "Setting ADDRESS is '0.0.0.0.0'"),
        ("SMTP_USER", "portal", "Setting SMTP_PASSWORD: SMTP_USER is set, so a password is needed"),
        ("OIDC_ISSUER", "login.example.ca", "Setting OIDC_ISSUER is 'login.example.ca', but: write https://host"),
        ("OIDC_ISSUER", "http://login.example.ca", "http:// is for localhost only"),
        ("OIDC_ISSUER", "http://localhost.example.ca", "http:// is for localhost only"),
        ("OIDC_ISSUER", "https://u:p@login.example.ca", "write https://host"),
        ("OIDC_ISSUER", "https://login.example.ca/x?y=1", "write https://host"),
        (
            "OIDC_ISSUER",
            "https://login.example.ca",
            "Setting OIDC_CLIENT_ID is '', but: OIDC_ISSUER is set, so it",
        ),
        (
            "OIDC_ISSUER",
            "https://login.example.ca",
            "Setting OIDC_CLIENT_SECRET: OIDC_ISSUER is set, so it is nee",
        ),
        (
            "OIDC_CLIENT_ID",
            "portal",
            "Setting OIDC_CLIENT_ID is 'portal', but: OIDC_ISSUER is empty, so this says",
        ),
        ("OIDC_CLIENT_SECRET", "hush", "Setting OIDC_CLIENT_SECRET: OIDC_ISSUER is empty, so this says nothing"),
        ("OIDC_LABEL", "", "Setting OIDC_LABEL is ''"),
        ("DATABASE_URL", "sqlite:///:memory:", "Setting DATABASE_URL: write sqlite:///path/to/file"),
        ("DATABASE_URL", "sqlite:///", "Setting DATABASE_URL: write sqlite:///path/to/file"),
        ("DATABASE_URL", "postgresql+psycopg://u:p@host:port/x", "Setting DATABASE_URL: write sqlite:///"),
        ("DATABASE_URL", "postgresql+psycopg://u:p@host:99999/x", "Setting DATABASE_URL: write sqlite:///"),
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
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "hush")
    with pytest.raises(WrongSetting) as wrong:
        load()
    assert str(wrong.value).count("Setting ") == 4
    assert "hush" not in str(wrong.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://localhost:8501"),
        ("PUBLIC_URL", "https://[2001:db8::1]:8443/"),
        ("MAIL_FROM", "portal@owwco.ca"),
        ("MAIL_FROM", "Office, of Certification <portal@mail.internal>"),
        ("FIRST_ADMIN_EMAIL", "Ada@Example.ca"),
        ("TILE_URL", "https://tiles.ca:8080/styles/{z}/{x}/{y}.png?key=1"),
        ("ADDRESS", "127.0.0.1"),
        ("ADDRESS", "::"),
        ("DATABASE_URL", "sqlite:////srv/portal.db"),
        ("DATABASE_URL", "postgresql+psycopg://u@/x?host=/tmp"),
        ("DATABASE_URL", "postgresql+psycopg://u:p@host:5432/x"),
    ],
)
def test_a_right_setting_is_taken(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    load()


@pytest.mark.parametrize(
    ("issuer", "kept"),
    [
        ("https://login.example.ca/", "https://login.example.ca"),
        ("https://login.example.ca:8443/realms/a-b", "https://login.example.ca:8443/realms/a-b"),
        ("https://login.example.ca/x/.well-known/openid-configuration", "https://login.example.ca/x"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1", "http://127.0.0.1"),
    ],
)
def test_a_provider_is_named_by_its_issuer_with_id_and_secret(monkeypatch, issuer, kept):
    assert not load().single_sign_on
    monkeypatch.setenv("OIDC_ISSUER", issuer)
    monkeypatch.setenv("OIDC_CLIENT_ID", "portal")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "hush")
    settings = load()
    assert settings.single_sign_on
    assert settings.oidc_issuer == kept


def test_a_wrong_issuer_is_said_once_and_not_of_its_id_and_secret_too(monkeypatch):
    for name in ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        monkeypatch.setenv(name, "x")
    with pytest.raises(WrongSetting) as wrong:
        load()
    assert str(wrong.value).count("Setting ") == 1
