"""What an officer's page said of a submission, against what there is to know when the decision arrives: a decision
is made by who has seen it all."""

from collections.abc import Collection, Iterable, Mapping

from core.comparison import Comparison
from core.problems import refuse
from core.sentences import Sentence
from db.gate import Work
from db.schema import Submission
from db.verification import borne_out
from db.verification.flags import Flag, flags_of
from db.verification.questions import name_of
from db.verification.submissions import Profile, claims_of

Noted = frozenset[tuple[int | None, Sentence]]
"""What is said of each claim, by its id, or of the whole profile (None)."""


def noted(flags: Iterable[Flag], comparisons: Mapping[int, Comparison]) -> Noted:
    """What flags say, and in what claims differ from the listing."""
    differences = {(one, said) for one, beside in comparisons.items() for said in beside.differences}
    return frozenset({(flag.claim_id, flag.sentence) for flag in flags} | differences)


def must_have_seen(
    work: Work, submission: Submission, profile: Profile, seen: Noted, leaving_out: Collection[int] = ()
) -> None:
    """Raises Refused where something is said of the submission now that was not `seen`, naming it; not of the
    claims that are left out."""
    flags, comparisons = flags_of(work, [submission])[submission.id], borne_out.comparisons(work, submission.id)
    names = {claim.id: name_of(claim) for claim in claims_of(profile)}
    new = sorted(
        str(said).rstrip(".") if about is None else f"{names[about]}: {str(said).rstrip('.')}"
        for about, said in noted(flags, comparisons) - seen
        if about not in leaving_out
    )
    if new:
        raise refuse(
            "{new}. This is new since your page was drawn, so nothing was done. Look at it, then decide again.",
            new="; ".join(new),
        )
