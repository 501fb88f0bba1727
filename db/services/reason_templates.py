"""Words that officers use again when they return a profile or refuse a claim. Every officer may change them."""

from dataclasses import dataclass

from sqlalchemy import select

from core import entries
from core.problems import raise_if_any, refuse
from core.roles import Role
from db.gate import Work, service
from db.register_schema import ReasonTemplate


@dataclass(frozen=True)
class Words:
    """A title to choose by, and the words that it stands for."""

    template_id: int
    version: int
    title: str
    words: str


@service(Role.OFFICER)
def all_templates(work: Work) -> tuple[Words, ...]:
    """Those that have not ended, by title."""
    rows = work.session.scalars(select(ReasonTemplate).where(ReasonTemplate.ended_at.is_(None)))
    found = (Words(row.id, row.version, row.title, row.words) for row in rows)
    return tuple(sorted(found, key=lambda one: one.title.casefold()))


@service(Role.OFFICER, writes=True)
def add(work: Work, title: str, words: str) -> int:
    """Adds a template. Returns its id. Raises Refused where the title is another's."""
    _check(work, title, words)
    made = ReasonTemplate(changed_at=work.at, changed_by=work.account.id)
    made.title, made.words = entries.clean(title), entries.clean_reason(words)
    work.session.add(made)
    work.session.flush()
    work.record("reason_template.added", "reason_template", made.id)
    return made.id


@service(Role.OFFICER, writes=True)
def change(work: Work, template_id: int, version: int, title: str, words: str) -> None:
    """Changes a template; what was written with it before stays as it was sent."""
    _check(work, title, words, template_id)
    template = work.for_update(ReasonTemplate, template_id)
    work.touch(template, version)
    template.title, template.words = entries.clean(title), entries.clean_reason(words)
    work.record("reason_template.changed", "reason_template", template.id)


@service(Role.OFFICER, writes=True)
def end(work: Work, template_id: int, version: int) -> None:
    """Nobody is offered the template any more."""
    template = work.for_update(ReasonTemplate, template_id)
    work.touch(template, version)
    template.ended_at = work.at
    work.record("reason_template.ended", "reason_template", template.id)


def _check(work: Work, title: str, words: str, template_id: int | None = None) -> None:
    problems = entries.text("title", "a title to choose it by", title, entries.NAME_LENGTH)
    raise_if_any([*problems, *entries.reason("words", words, what="that the template holds")])
    _must_be_the_only_one(work, entries.clean(title), template_id)


def _must_be_the_only_one(work: Work, title: str, template_id: int | None) -> None:
    """Raises Refused where another template has the title, whatever its capitals."""
    others = select(ReasonTemplate.id, ReasonTemplate.title).where(ReasonTemplate.ended_at.is_(None))
    for other_id, other in work.session.execute(others):
        if other_id != template_id and other.casefold() == title.casefold():
            raise refuse(
                "There is a reason called “{title}” already. Change that one, or choose another title.",
                field="title",
                title=entries.shown(title),
            )
