"""What exploration found, as the viewer takes it: its maps, its findings, what was not reached."""

from collections.abc import Sequence
from dataclasses import replace

from offhook.emulator.call.deeds import CALLS
from offhook.emulator.call.ladder import Entry
from offhook.emulator.explore import explored as ex
from offhook.emulator.explore.explored import START, Explored, Found
from offhook.emulator.explore.jobs import Result
from offhook.emulator.explore.options import Options
from offhook.emulator.explore.plan import Plan
from offhook.emulator.explore.reached import reached
from offhook.emulator.explore.report import name_of, summary, verdict
from offhook.emulator.viewer import document
from offhook.emulator.viewer.document import Arrow, Box, Document, Finding, Map, Reached


def drawn(results: Sequence[Result], options: Options) -> Document:
    """All functions in one document."""
    maps: list[Map] = []
    findings: list[Finding] = []
    known: list[Reached] = []
    said: list[str] = []
    for result in results:
        said += [result.function, *summary(result), verdict(result)]
        places = {id(each): len(maps) + n for n, each in enumerate(result.explored)}
        name = f"{result.function}, " if len(results) > 1 else ""
        maps += [_map(each, name) for each in result.explored]
        findings += [_finding(found, result, places) for found in result.found]
        known += [
            Reached(
                title=f"{name}{each.kind}", reached=sorted(each.reached), missed={**each.missed}
            )
            for each in reached(result, options)
        ]
    return Document(
        version=document.VERSION,
        title=", ".join(result.function for result in results),
        summary=said,
        maps=maps,
        ladders=[],
        findings=findings,
        reached=known,
    )


def _map(explored: Explored, name: str) -> Map:
    boxes, plan = explored.boxes, explored.plan
    numbers = {box: number for number, box in enumerate(boxes)}
    heard: dict[str, list[str]] = {}
    for arrow in explored.arrows:
        if arrow.deed.is_passive or arrow.start not in heard:
            heard[arrow.start] = _heard(arrow.entries)
    arrows = [
        Arrow(
            start=numbers[arrow.start],
            to=numbers[arrow.to],
            does=does,
            what=what,
            is_disturbance=bool(arrow.deed.disturbances),
            after=arrow.before.place if arrow.before is not None else -1,
            rows=document.rows(arrow.entries),
        )
        for arrow in explored.arrows
        for does, what in (_said(plan, arrow),)
    ]
    return Map(
        title=f"{name}{name_of(explored.plan)}",
        summary=f"{explored.situations} situations",
        boxes=[
            Box(
                kind=_kind(key),
                title=box.title,
                words=heard.get(key, []),
                attributes={**box.attributes},
            )
            for key, box in boxes.items()
        ],
        arrows=arrows,
    )


def _said(plan: Plan, arrow: ex.Arrow) -> tuple[str, str]:
    """What happens, in two parts: a map shows together what is the same in the first."""
    deed = plan.said(arrow.deed)
    *others, last = deed.asides or (None,)
    if last is not None:
        return str(last), f"after {replace(deed, asides=others)}"
    calls = "is called" if plan.is_outbound else "dials"
    return calls if deed == CALLS else deed.does, deed.what


def _heard(entries: Sequence[Entry]) -> list[str]:
    return [*dict.fromkeys(str(each.clip) for each in entries if each.kind == "hears")]


def _kind(key: str) -> document.Kind:
    if key == START:
        return "start"
    return "end" if key.startswith("end:") else "situation"


def _finding(found: Found, result: Result, places: dict[int, int]) -> Finding:
    its = found.finding
    where = next(each for each in result.explored if _has(each, found))
    return Finding(
        weight=its.weight,
        rule=its.rule,
        where=its.where,
        evidence=its.evidence,
        instead=its.instead,
        count=found.count,
        is_known=its.known_by in result.known,
        story=[*found.story],
        disturbed_by=[*found.disturbed_by],
        rows=document.rows(found.entries),
        map=places[id(where)],
        arrow=found.arrow,
    )


def _has(explored: Explored, found: Found) -> bool:
    its = explored.found.get(found.finding.same)
    return its is not None and its.entries is found.entries
