"""Licences issued in place of one that was lost, or after a change of name.

O. Reg. 129/04, s. 12 (1); O. Reg. 435/93, s. 12 (1).
"""

from core.facts import done, stated
from core.findings import Finding, all_of, any_of
from core.legislation import Law
from core.licences import Replacement
from core.sentences import Sentence


def replaced(replacement: Replacement, law: Law) -> Finding:
    """129/04, s. 12 (1): a replacement is issued for the fee when the licence was lost or destroyed, or when
    the name changed and the original went back. It has the class and the expiry of the original."""
    citation = law.topic("replacement")
    lost = Sentence("The licence was lost or destroyed.")
    renamed = Sentence("The operator’s name changed.")
    return all_of(
        citation,
        done(law, citation, "fee_paid", "Payment of the fee", replacement.fee_paid),
        any_of(
            citation,
            stated(law, citation, "lost", lost, replacement.lost, asked_of="operator"),
            all_of(
                citation,
                stated(law, citation, "name_changed", renamed, replacement.name_changed, asked_of="operator"),
                done(
                    law,
                    citation,
                    "original_returned",
                    "Return of the original licence",
                    replacement.original_returned,
                    asked_of="officer",
                ),
            ),
        ),
    )
