"""Single sign-on as a person meets it: from a deep link to the provider, which consents at once, and back."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from core.roles import Role
from db.gate import now
from tests.browser.harness import Somebody, served
from tests.db.people import make_account
from tests.provider import running

DEEP = "/account?from=mail"


def test_a_deep_link_is_reached_by_single_sign_on(tmp_path: Path, somebody: Callable[..., Somebody]) -> None:
    """The first time the provider vouches for an e-mail that nobody has here: that is said, and the link kept."""
    label = "Sign in with the town's account"
    with running() as provider, served(tmp_path, **provider.environment(), OIDC_LABEL=label) as site:
        make_account(site.portal, Role.OPERATOR, at=now(), email="ann@example.ca")
        ann = somebody(at=site, beside=provider.url)
        ann.goes_to(DEEP)
        ann.is_at("Sign in")
        provider.email = "nobody@example.ca"
        ann.presses(label, exact=False)
        ann.sees("no account that can sign in here has your e-mail")
        provider.email = "ann@example.ca"
        ann.presses(label, exact=False)
        ann.sees("signed in as ann@example.ca")
        expect(ann.page).to_have_url(site.url + DEEP)
