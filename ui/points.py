"""What points come to: the total that stays in view, the bar against the class bands, and every line."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.classification import Classification
from core.completions import Line
from core.points import PointSystem
from core.sentences import Sentence
from ui import findings
from ui.calculator import group_label
from ui.markup import Markup, html, joined, markup

_MARKS = 6  # colours in turn; the number on a segment tells which group it is


@dataclass(frozen=True)
class GroupPoints:
    """The points of a group: for certain, and at most."""

    label: str
    lowest: int
    highest: int


def points_in_words(classification: Classification) -> str:
    """ "41 points", or "28 to 41 points"."""
    lowest, highest = classification.lowest, classification.highest
    if lowest == highest:
        return str(Sentence("{n} point" if lowest == 1 else "{n} points", n=lowest))
    return str(Sentence("{lowest} to {highest} points", lowest=lowest, highest=highest))


def class_in_words(classification: Classification) -> str:
    if classification.errors:
        return "No class: answers contradict each other"
    possible = classification.possible_classes
    return f"Class {possible[0]} to {possible[-1]}" if len(possible) > 2 else f"Class {' or '.join(possible)}"


def distance_in_words(classification: Classification) -> str:
    """How far the next class is, from the lowest of the range."""
    more = classification.points_to_next_class
    if classification.errors:
        return "Change one of the answers named below."
    if more is None:
        return "No class stands above."
    above = classification.classes.of(classification.lowest + more)
    at = Sentence("Class {above} begins at {points} points", above=above, points=classification.lowest + more)
    if classification.lowest == classification.highest:
        return str(Sentence("{at}: {more} more.", at=at, more=more))
    return str(Sentence("{at}, {more} above the lowest.", at=at, more=more))


def total(classification: Classification, label: str = "") -> None:
    """The sum of it all in one strip: points, class, distance to the next class, and where that lies."""
    html(
        '<div class="total" role="status">{label}<span class="points">{points}</span>'
        '<span class="class">{facility_class}</span><span class="distance">{distance}</span>{bar}</div>',
        label=markup('<span class="of">{label}</span>', label=label) if label else markup(""),
        points="–" if classification.errors else points_in_words(classification),
        facility_class=class_in_words(classification),
        distance=distance_in_words(classification),
        bar=_range_bar(classification),
    )


def by_group(classification: Classification) -> tuple[GroupPoints, ...]:
    """The points of each group of the tables; groups under one cap stand together."""
    system = classification.law.points(classification.facility_type)
    together = {group: "+".join(cap.groups) for cap in system.caps for group in cap.groups}
    sums: dict[str, tuple[int, int]] = {}
    for line in classification.lines:
        name = together.get(line.group, line.group)
        lowest, highest = sums.get(name, (0, 0))
        sums[name] = lowest + line.points, highest + line.highest
    return tuple(GroupPoints(group_label(name, system), *range_) for name, range_ in sums.items() if range_[1])


def range_in_words(group: GroupPoints | None) -> str:
    """The points of a group in a table: "10", "0 to 12", "0"."""
    lowest, highest = (group.lowest, group.highest) if group else (0, 0)
    return str(lowest) if lowest == highest else f"{lowest} to {highest}"


def group_bar(classification: Classification) -> None:
    """The points by group as one bar against the four class bands, and the same as a table."""
    groups = by_group(classification)
    if not groups:
        return
    scale = _scale(classification)
    segments = [
        markup(
            '<span class="mark-{mark}" style="width:{width}%">{number}</span>',
            mark=number % _MARKS,
            width=_share(group.lowest, scale),
            number=number + 1,
        )
        for number, group in enumerate(groups)
        if group.lowest
    ]
    possible = classification.highest - classification.lowest
    segments.append(markup('<span class="may-be" style="width:{width}%"></span>', width=_share(possible, scale)))
    html(
        '<div class="bands tall" role="img" aria-label="{alt}">{bands}<div class="fill">{segments}</div></div>'
        '<p class="help">Each segment is a group, by its number in the table; the hatched part is still open.</p>',
        alt=_alt(classification, groups),
        bands=_bands(classification, scale),
        segments=joined(segments),
    )
    rows = joined(
        markup(
            '<tr><td class="number"><span class="key mark-{mark}">{number}</span></td><th scope="row">{label}</th>'
            '<td class="number">{lowest}</td><td class="number">{highest}</td></tr>',
            mark=number % _MARKS,
            number=number + 1,
            label=group.label,
            lowest=group.lowest,
            highest=group.highest,
        )
        for number, group in enumerate(groups)
    )
    html(
        '<table class="plain"><caption>Points by group</caption><thead><tr><th scope="col">No.</th>'
        '<th scope="col">Group</th><th scope="col" class="number">At least</th>'
        '<th scope="col" class="number">At most</th></tr></thead><tbody>{rows}</tbody><tfoot><tr><td></td>'
        '<th scope="row">In all</th><td class="number">{lowest}</td><td class="number">{highest}</td></tr></tfoot>'
        "</table>",
        rows=rows,
        lowest=classification.lowest,
        highest=classification.highest,
    )


def lines(classification: Classification) -> None:
    """Every line with its citation, opening to what the provision says and to the readings it rests on."""
    html('<ul class="findings">{rows}</ul>', rows=joined(_line_rows(classification)))


def _line_rows(classification: Classification) -> Iterable[Markup]:
    system = classification.law.points(classification.facility_type)
    for line in classification.lines:
        points = str(line.points) if line.points == line.highest else f"{line.points} to {line.highest}"
        yield findings.row(
            markup(
                '<span class="points">{points}</span> {because}',
                points=points,
                because=line_in_words(line, system),
            ),
            line.citation,
            findings.about(line.citation, classification.law, line.readings),
            classification.law.on,
        )


def line_in_words(line: Line, system: PointSystem) -> str:
    """A line without the points at its end, which stand beside it; an open one by what is not answered."""
    if line.highest > line.points:
        return f"{_what(line, system)}: not answered"
    words = str(line.because).removesuffix(f": {line.points}")
    return words if line.item else f"{group_label(line.group, system)}: {words}"


def _what(line: Line, system: PointSystem) -> str:
    """The one item or measure that a line is about, or its group."""
    if line.item in system.measures:
        return system.measures[line.item].label
    labels = {(item.group, item.id): item.label for item in system.items}
    return labels.get((line.group, line.item)) or group_label(line.group, system)


def _range_bar(classification: Classification) -> Markup:
    scale = _scale(classification)
    return markup(
        '<div class="bands" role="img" aria-label="{alt}">{bands}<div class="fill">'
        '<span class="certain" style="width:{lowest}%"></span><span class="may-be" style="width:{open}%"></span>'
        "</div></div>",
        alt=f"{points_in_words(classification)} against the bands of Class I to IV",
        bands=_bands(classification, scale),
        lowest=_share(0 if classification.errors else classification.lowest, scale),
        open=_share(0 if classification.errors else classification.highest - classification.lowest, scale),
    )


def _bands(classification: Classification, scale: int) -> Markup:
    tops = [scale if band.up_to is None else band.up_to for band in classification.classes.bands]
    starts = [0, *tops[:-1]]
    return joined(
        markup(
            '<span class="band" style="left:{left}%;width:{width}%">{label}</span>',
            left=_share(start, scale),
            width=_share(top - start, scale),
            label=band.facility_class,
        )
        for band, start, top in zip(classification.classes.bands, starts, tops, strict=True)
    )


def _scale(classification: Classification) -> int:
    """The points at the right end of a bar: the highest class has room at least as wide as the one below."""
    tops = [band.up_to for band in classification.classes.bands if band.up_to]
    return max(tops[-1] + (tops[-1] - tops[-2]), classification.highest)


def _share(points: int, scale: int) -> str:
    return f"{100 * points / scale:.2f}"


def _alt(classification: Classification, groups: Iterable[GroupPoints]) -> str:
    parts = "; ".join(f"{group.label}: {group.lowest} to {group.highest}" for group in groups)
    return f"{points_in_words(classification)}, {class_in_words(classification)}. {parts}."
