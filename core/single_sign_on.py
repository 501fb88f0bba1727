"""Signing in through another service that knows the person: why it may come to nothing, in words."""

from enum import Enum

from core.sentences import Sentence


class Failure(Enum):
    """Why nobody was signed in; the value stands in the address of the sign-in page.

    One sentence for an e-mail that is unknown here and for one whose account is unconfirmed, disabled or closed.
    """

    NO_ACCOUNT = "no-account"
    UNVERIFIED = "unverified"
    PROVIDER = "provider"
    EXPIRED = "expired"

    @property
    def sentence(self) -> Sentence:
        """What was wrong, and what to do."""
        return _SENTENCES[self]


_SENTENCES = {
    Failure.NO_ACCOUNT: Sentence(
        "Single sign-on knows you, but no account that can sign in here has your e-mail. Register or accept your "
        "invitation first, and confirm your e-mail; if you had an account, ask the certification office."
    ),
    Failure.UNVERIFIED: Sentence(
        "Single sign-on gave no e-mail that it has verified, so you were not signed in. Verify your e-mail there, "
        "or sign in with your password below."
    ),
    Failure.PROVIDER: Sentence(
        "Single sign-on did not work: its service refused, or gave no answer that can be trusted. Try again in a "
        "minute, or sign in with your password below."
    ),
    Failure.EXPIRED: Sentence(
        "This single sign-on was used already, took longer than ten minutes, or was begun in another browser or "
        "tab. Begin again below; your browser must keep cookies for this site."
    ),
}
