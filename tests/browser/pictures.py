"""Pictures of the main pages for the README, made from the demo: `python -m tests.browser.pictures`."""

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import func, select

from core.profiles import SubmissionState
from core.roles import Role
from db.gate import now
from db.schema import Account, FacilityRelation, Membership, OperatorProfile, Submission
from tests.browser.harness import DESKTOP, FLAGS, PHONE, ROOT, Site, Somebody, chromium, fill_demo, served
from tests.db.people import sign_in

FOLDER = ROOT / "docs" / "pictures"
README = ROOT / "README.md"
MARK = "<!-- pictures: made by `python -m tests.browser.pictures` -->"
TELEPHONE = {"is_mobile": True, "has_touch": True, "user_agent": "A telephone (Mobile)"}


@dataclass(frozen=True)
class Picture:
    """A page as somebody of a role sees it. In its path `{operator}`, `{flagged}` and `{facility}` stand for
    numbers of the demo's: the profile of the operator who signs in, a submission with something to know, and a
    facility of the owner who signs in."""

    name: str
    caption: str
    path: str
    role: Role | None = None
    phone: bool = False
    height: int = 1100  # px at most; less where the page ends before


PICTURES = (
    Picture("home", "Home: two doors", "/"),
    Picture("register", "Register", "/register?role=operator"),
    Picture("my-profile", "My profile: an operator's certificates", "/my-profile", Role.OPERATOR),
    Picture("overview", "Account overview: availability, and who looked", "/overview", Role.OPERATOR),
    Picture("my-facilities", "My facilities: an owner's works", "/my-facilities", Role.OWNER),
    Picture("search", "Find operators", "/search?place=London&operator={operator}", Role.OWNER, height=1720),
    Picture("queue", "Verification queue", "/queue", Role.OFFICER),
    Picture("submission", "A submission, and what to know of it", "/submission?id={flagged}", Role.OFFICER),
    Picture("calculator", "Facility calculator", "/calculator?population_served=12000"),
    Picture("compliance", "What an inspection would find", "/compliance?id={facility}", Role.OWNER),
    Picture("facility", "Standing of a facility", "/facility?id={facility}", Role.OWNER),
    Picture("province", "All facilities of the province: the worst first", "/province", Role.MANAGER),
    Picture("people", "People of a facility: who runs it, and until when", "/people?id={facility}", Role.OWNER),
    Picture("shift-log", "The shift log of a facility", "/shift-log?id={facility}", Role.OWNER),
    Picture("home-phone", "Home on a telephone", "/", Role.OFFICER, phone=True),
    Picture("search-phone", "Find operators on a telephone", "/search?place=London", Role.OWNER, phone=True),
)  # fmt: skip
OTHERS = (
    Picture("sign-in", "Sign in", "/sign-in"),
    Picture("confirm", "Confirm your e-mail", "/confirm"),
    Picture("reset", "Reset your password", "/reset"),
    Picture("invitation", "Accept an invitation", "/invitation"),
    Picture("account", "My account", "/account", Role.OWNER),
    Picture("log-search", "Search a shift log", "/log-search?id={facility}", Role.OWNER),
    Picture("members", "My organization’s people", "/members", Role.OWNER),
    Picture("acting-for", "Whom I act for", "/acting-for", Role.DELEGATE),
    Picture("training", "Training of a facility's people", "/training?id={facility}", Role.OWNER),
    Picture("manuals", "Manuals of a facility", "/manuals?id={facility}", Role.OWNER),
    Picture("applications", "Applications for classification", "/applications", Role.OWNER),
    Picture("exact-matches", "Approve all exact matches", "/exact-matches", Role.OFFICER),
    Picture("discrepancy", "A difference between a decision and the listing", "/discrepancy?id=1", Role.OFFICER),
    Picture("reason-templates", "Reasons to choose from", "/reason-templates", Role.OFFICER),
    Picture("listings", "Listings of the ministry", "/listings", Role.OFFICER),
    Picture("alignment", "Alignment with the listing", "/alignment", Role.OFFICER),
    Picture("batch", "Many facilities at once", "/batch"),
    Picture("examples", "Worked examples", "/examples"),
    Picture("legal-coverage", "Legal coverage", "/legal-coverage"),
    Picture("readings", "Readings", "/readings"),
    Picture("accounts", "Accounts", "/accounts", Role.ADMIN),
    Picture("outgoing-mail", "Outgoing mail", "/outgoing-mail", Role.ADMIN),
    Picture("audit-trail", "Audit trail", "/audit-trail", Role.ADMIN),
    Picture("help", "Help", "/help"),
    Picture("accessibility", "Accessibility", "/accessibility"),
)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        served(Path(folder), fill_demo, DEMO="true", SMTP_HOST="") as demo,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for picture in (*PICTURES, *OTHERS):
            take(picture, demo, browser)
        browser.close()
    show()


def take(picture: Picture, demo: Site, browser: Browser) -> None:
    """Saves one picture, as high as the page's content and at most as it says."""
    options = TELEPHONE if picture.phone else {}
    size = PHONE if picture.phone else DESKTOP
    context = browser.new_context(viewport={**size, "height": picture.height}, **options)  # type: ignore[arg-type]
    ann = Somebody(context.new_page(), demo.url)
    with demo.portal.database.transaction(writes=False) as session:
        if picture.role:
            account = session.scalar(select(Account.id).where(Account.email == f"{picture.role}@example.org"))
            ann.is_signed_in(sign_in(demo.portal, account or 0, now()))
        signs_in = select(Account.person_id).where(Account.email == "operator@example.org").scalar_subquery()
        operator = session.scalar(select(OperatorProfile.id).where(OperatorProfile.person_id == signs_in))
        flagged = session.scalar(select(func.max(Submission.id)).where(Submission.state == SubmissionState.OPEN))
        holds = select(Membership.organization_id).join(Account, Account.id == Membership.account_id)
        own = FacilityRelation.organization_id.in_(holds.where(Account.email == "owner@example.org"))
        facility = session.scalar(select(func.min(FacilityRelation.facility_id)).where(own))
    ann.goes_to(picture.path.format(operator=operator, flagged=flagged, facility=facility))
    ann.page.mouse.move(1, 1)
    is_drawn(ann)
    image = Image.open(BytesIO(ann.page.screenshot()))
    bottom = ann.page.locator("footer").bounding_box()
    height = min(picture.height, int(bottom["y"] + bottom["height"]) + 24) if bottom else picture.height
    cropped = image.crop((0, 0, image.width, height)).convert("RGB")
    cropped.quantize(64, dither=Image.Dither.NONE).save(FOLDER / f"{picture.name}.png", optimize=True)
    context.close()


_ON_MAP = ".leaflet-marker-icon:visible, path.leaflet-interactive:visible"  # towns, or regions to choose


def is_drawn(ann: Somebody) -> None:
    """Waits for what the browser draws after the page: fields, tables, the map with what is on it."""
    ann.page.wait_for_load_state("networkidle")
    ann.page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    for _ in ann.page.locator("iframe").all():
        ann.page.frame_locator("iframe").locator(_ON_MAP).first.wait_for()
    ann.page.wait_for_timeout(1000)  # tables are canvases: nothing tells when they are painted


def show() -> None:
    """Puts the pictures into the README, in place of those that are there."""
    rows = f"{_rows(PICTURES)}\n\n<details>\n<summary>Every other page</summary>\n\n{_rows(OTHERS)}\n\n</details>"
    text = README.read_text()
    section = re.compile(rf"{re.escape(MARK)}.*?(?=\n## )", re.DOTALL)
    assert section.search(text), f"README.md lacks the line {MARK}"
    README.write_text(section.sub(lambda _: f"{MARK}\n\n{rows}\n", text))


def _rows(pictures: Iterable[Picture]) -> str:
    return "\n\n".join(f"**{one.caption}**\n\n![{one.caption}](docs/pictures/{one.name}.png)" for one in pictures)


if __name__ == "__main__":
    main()
