"""Every page: its address, title, body, and who it is for.

To add a page: write `render()` in pages/, add its row to SCREENS. Every page is registered for everybody, so
that a deep link always answers: with the page, with the sign-in form at that address, or with a sentence.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.roles import ACTING, Role
from pages import (
    accessibility,
    account,
    accounts,
    acting_for,
    alignment,
    applications,
    audit_trail,
    batch,
    calculator,
    compliance,
    confirm,
    discrepancy,
    exact_matches,
    examples,
    facility,
    help,
    home,
    invitation,
    legal_coverage,
    listings,
    log_search,
    manuals,
    members,
    my_facilities,
    my_profile,
    outgoing_mail,
    overview,
    people,
    province,
    queue,
    readings,
    reason_templates,
    register,
    reset,
    search,
    shift_log,
    sign_in,
    submission,
    training,
)

EVERYBODY = frozenset[Role]()
SIGNED_IN = frozenset(Role)
OPERATOR = frozenset({Role.OPERATOR})
OWNER = frozenset({Role.OWNER})
DELEGATE = frozenset({Role.DELEGATE})
OFFICER = frozenset({Role.OFFICER})
ADMIN = frozenset({Role.ADMIN})
ACTS = frozenset(ACTING)
SEEKERS = ACTS | {Role.OFFICER, Role.MANAGER}
PROFILES = OPERATOR | OWNER
OVERSEERS = frozenset({Role.MANAGER, Role.OFFICER, Role.DIRECTOR})
CLASSIFIERS = ACTS | {Role.OFFICER, Role.DIRECTOR, Role.MANAGER}
RECORDS = CLASSIFIERS | OPERATOR


@dataclass(frozen=True)
class Screen:
    """One page: its address, title, icon and body; who it is for (nobody named: everybody); its menu section."""

    path: str
    title: str
    icon: str
    render: Callable[[], None]
    roles: frozenset[Role] = EVERYBODY
    section: str = ""  # "" keeps it out of the menu
    menu: frozenset[Role] = EVERYBODY  # who sees it in the menu, where others need it by a link only


HOME = Screen("", "Home", "home", home.render, section="Portal")
SCREENS = (
    HOME,
    Screen("overview", "Account overview", "badge", overview.render, PROFILES, "My work"),
    Screen("my-profile", "My profile", "person", my_profile.render, OPERATOR, "My work"),
    Screen("my-facilities", "My facilities", "water_pump", my_facilities.render, OWNER, "My work"),
    Screen("members", "My organization’s people", "groups", members.render, OWNER, "My work"),
    Screen("search", "Find operators", "search", search.render, SEEKERS, "My work"),
    Screen(
        "applications", "Applications for classification", "approval", applications.render, CLASSIFIERS, "My work"
    ),
    Screen("compliance", "Compliance of facilities", "rule", compliance.render, CLASSIFIERS, "My work"),
    Screen("province", "Compliance in Ontario", "map", province.render, OVERSEERS, "My work"),
    Screen("facility", "Standing of facilities", "verified", facility.render, CLASSIFIERS, "My work"),
    Screen("people", "People of facilities", "engineering", people.render, CLASSIFIERS, "My work"),
    Screen("shift-log", "Shift logs", "import_contacts", shift_log.render, RECORDS, "My work"),
    Screen("log-search", "Search a shift log", "manage_search", log_search.render, RECORDS),
    Screen("training", "Training", "school", training.render, RECORDS, "My work"),
    Screen("manuals", "Manuals", "book_2", manuals.render, RECORDS, "My work"),
    Screen("acting-for", "Whom I act for", "handshake", acting_for.render, SIGNED_IN, "My work", menu=DELEGATE),
    Screen("queue", "Verification queue", "inbox", queue.render, OFFICER, "Office"),
    Screen("alignment", "Alignment with the listing", "sync_alt", alignment.render, OFFICER, "Office"),
    Screen("submission", "Submission", "fact_check", submission.render, OFFICER),
    Screen("listings", "Listings", "list_alt", listings.render, OFFICER, "Office"),
    Screen("exact-matches", "Exact matches", "done_all", exact_matches.render, OFFICER),
    Screen("discrepancy", "Difference", "difference", discrepancy.render, OFFICER),
    Screen("reason-templates", "Reasons to choose from", "edit_note", reason_templates.render, OFFICER, "Office"),
    Screen("accounts", "Accounts", "group", accounts.render, ADMIN, "Administration"),
    Screen("outgoing-mail", "Outgoing mail", "mail", outgoing_mail.render, ADMIN, "Administration"),
    Screen("audit-trail", "Audit trail", "history", audit_trail.render, ADMIN, "Administration"),
    Screen("calculator", "Calculator", "calculate", calculator.render, section="The law"),
    Screen("legal-coverage", "Legal coverage", "gavel", legal_coverage.render, section="The law"),
    Screen("readings", "Readings", "menu_book", readings.render, section="The law"),
    Screen("batch", "Many facilities at once", "table", batch.render),
    Screen("examples", "Worked examples", "checklist", examples.render),
    Screen("account", "My account", "manage_accounts", account.render, SIGNED_IN, "Portal"),
    Screen("help", "Help", "help", help.render, section="Portal"),
    Screen("accessibility", "Accessibility", "accessibility", accessibility.render),
    Screen("sign-in", "Sign in", "login", sign_in.render),
    Screen("register", "Register", "person_add", register.render),
    Screen("confirm", "Confirm your e-mail", "mark_email_read", confirm.render),
    Screen("reset", "Reset your password", "lock_reset", reset.render),
    Screen("invitation", "Accept an invitation", "how_to_reg", invitation.render),
)
