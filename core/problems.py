"""What is wrong with something a person entered or asked for, in sentences."""

from dataclasses import dataclass

from core.sentences import Sentence


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the field it stands beside ("" for the whole form) and the sentence."""

    field: str
    sentence: Sentence

    def __str__(self) -> str:
        return str(self.sentence)


class Refused(Exception):
    """Nothing was done; `problems` say why, with which value, and what to do."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(str(problem) for problem in problems))
        self.problems = problems


def refuse(template: str, /, field: str = "", **values: object) -> Refused:
    """A refusal with one problem, to be raised."""
    return Refused(Problem(field, Sentence(template, **values)))


def raise_if_any(problems: list[Problem]) -> None:
    """Raises Refused with all of `problems`, or returns when there are none."""
    if problems:
        raise Refused(*problems)
