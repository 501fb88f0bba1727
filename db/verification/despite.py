"""Why an officer confirms what the listing does not show in force, or another person has confirmed: that
takes a written reason, which is kept with the decision."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from core import entries
from core.comparison import Comparison
from core.listings import ListedStatus
from core.problems import Problem, raise_if_any
from core.sentences import Sentence
from db.gate import Work
from db.schema import Submission
from db.verification import claimed_alike
from db.verification.compared import Despite, take_a_reason
from db.verification.questions import name_of
from db.verification.submissions import Claim


def written(
    work: Work,
    submission: Submission,
    to_confirm: Collection[Claim],
    compared: Mapping[int, Comparison],
    reasons: Mapping[int, str],
    problems: Iterable[Problem] = (),
) -> dict[int, Despite]:
    """The reason of each claim that takes one, by the claim: of all that is to be confirmed at once. Whatever else
    claims the same stands still until that is done.

    Raises Refused where one is missing or too long, and with the `problems` that were found before.
    """
    alike = claimed_alike.confirmed_for_another(work, to_confirm, locked=True)
    listed = take_a_reason(submission, to_confirm, compared)
    taking = [claim for claim in to_confirm if claim.id in alike or claim.id in listed]
    found = list(problems)
    for claim in taking:
        against = list(_against(name_of(claim), listed.get(claim.id), alike=claim.id in alike))
        found += _problems(claim.id, against, reasons.get(claim.id, ""))
    raise_if_any(found)
    return {one.id: Despite(entries.clean_reason(reasons[one.id]), alike=one.id in alike) for one in taking}


def _against(name: str, listed: ListedStatus | None, *, alike: bool) -> Iterator[Sentence]:
    """What speaks against confirming it."""
    if listed:
        yield Sentence("The listing shows {name} as {status}.", name=name, status=listed.value)
    if alike:
        yield Sentence("{name} is confirmed for another person already.", name=name)


def _problems(claim_id: int, against: list[Sentence], reason: str) -> list[Problem]:
    """What is wrong with the reason why something is confirmed although this speaks against it."""
    field = f"despite-{claim_id}"
    if entries.clean_reason(reason):
        return entries.lines(field, "the reason why it is confirmed", reason, entries.REASON_LENGTH)
    template = "{against} Write the reason why it is confirmed all the same, or refuse it with a reason."
    return [Problem(field, Sentence(template, against=" ".join(map(str, against))))]
