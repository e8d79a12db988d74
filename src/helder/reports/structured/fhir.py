"""Results out of FHIR, R4 and R5: a Bundle, a DiagnosticReport or Observations, in JSON or XML.

https://hl7.org/fhir/R4/observation.html, https://hl7.org/fhir/R4/diagnosticreport.html; R5 the same pages under /R5/.
A report becomes a document; Observations outside of a report become one document a patient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from msgspec.structs import replace

from helder.reports.structured import fhir_parts as parts
from helder.reports.structured.fhir_load import load
from helder.reports.structured.fhir_parts import checked, concept, kind_of, many, one
from helder.reports.structured.model import Document, Parsed, Sex, Stated, Status
from helder.reports.structured.reading import LOINC, MOST_PARTS, MOST_ROWS, Problems, joined, lines_of, plain

DEEPEST = 8
"""Bundles in bundles, members of members."""
STATUS: dict[str, Status] = {
    "final": "final",
    "amended": "corrected",
    "corrected": "corrected",
    "preliminary": "preliminary",
    "registered": "absent",
    "unknown": "unknown",
}
"""http://hl7.org/fhir/observation-status; `cancelled` and `entered-in-error` are taken back."""
WITHDRAWN = ("cancelled", "entered-in-error")
_SUPPORTING = (
    "Patient Specimen Organization Practitioner PractitionerRole Encounter ServiceRequest Device DeviceMetric Location "
    "Composition Provenance MessageHeader OperationOutcome Binary DocumentReference"
)
SUPPORTING = frozenset(_SUPPORTING.split())
"""Resources that tell about results and hold none themselves."""
LABORATORY = ("laboratory", "LAB")
LABORATORY_REPORT = "11502-2"
"""LOINC's name for a whole report, which is no panel."""


class Resource(NamedTuple):
    """A resource with its place, and what references in it can lead to."""

    place: str
    data: Mapping[str, Any]
    near: Mapping[str, Resource]
    """Contained resources by `#id`."""
    far: Mapping[str, Resource]
    """The others of its bundle, by address and by `Type/id`."""

    @property
    def kind(self) -> str:
        return kind_of(self.data)


def parse(data: bytes | str) -> Parsed:
    """What the file states. Never raises: what is of no use is named by its place."""
    problems = Problems()
    root = load(data, problems)
    resources = list(islice(_resources(root, "", problems), MOST_ROWS))
    if len(resources) == MOST_ROWS or (isinstance(root, list) and len(root) > MOST_ROWS):
        problems.add("file", "too_large")
    if not resources and not problems.told():
        problems.add("file", "not_this_format")
    done: set[int] = set()
    reports = [resource for resource in resources if resource.kind == "DiagnosticReport"]
    reports.sort(key=lambda report: report.data.get("status") in WITHDRAWN)
    documents = [_report(report, done, problems) for report in reports]
    documents += _loose(resources, done, problems)
    for resource in resources:
        if resource.kind not in SUPPORTING and resource.kind not in ("DiagnosticReport", "Observation"):
            problems.add(resource.place, "not_read", resource.kind)
    kept = tuple(document for document in documents if document is not None)
    if resources and not any(document.rows for document in kept):
        problems.add("file", "no_results")
    return Parsed(documents=kept, problems=problems.told())


# --- resources and references -----------------------------------------------------------------------------


def _resources(root: object, place: str, problems: Problems, depth: int = 0) -> Iterator[Resource]:
    """All resources of a tree with their contained ones, in the order of the file."""
    if depth > DEEPEST:
        problems.add(place, "too_deep")
        return
    if isinstance(root, list):
        for number, item in enumerate(root[:MOST_ROWS]):
            yield from _resources(item, f"{place}[{number}]", problems, depth + 1)
    elif one(root).get("resourceType") == "Bundle":
        yield from _bundle(one(root), place, problems, depth)
    elif kind_of(one(root)):
        yield from _with_contained(one(root), place or kind_of(one(root)), {}, problems)
    elif root is not None:
        problems.add(place or "file", "not_this_format")


def _bundle(bundle: Mapping[str, Any], place: str, problems: Problems, depth: int) -> Iterator[Resource]:
    far: dict[str, Resource] = {}
    prefix = f"{place}." if place else ""
    entries = many(bundle.get("entry"))
    if len(entries) > MOST_ROWS:
        problems.add(place or "Bundle", "too_large")
    for number, entry in enumerate(entries[:MOST_ROWS]):
        at = f"{prefix}entry[{number}]"
        resource = checked(checked(entry, at, problems).get("resource"), at, problems)
        if resource.get("resourceType") == "Bundle":
            yield from _resources(resource, at, problems, depth + 1)
        elif not kind_of(resource):
            problems.add(at, "not_this_format")
        else:
            for made in _with_contained(resource, at, far, problems):
                if made.data is resource:
                    _remember(made, plain(one(entry).get("fullUrl")), far)
                yield made


def _remember(resource: Resource, address: str, far: dict[str, Resource]) -> None:
    name = f"{resource.kind}/{plain(resource.data.get('id'))}"
    for key in (address, name):
        if key and not key.endswith("/"):
            far.setdefault(key, resource)


def _with_contained(
    resource: Mapping[str, Any], place: str, far: Mapping[str, Resource], problems: Problems
) -> Iterator[Resource]:
    near: dict[str, Resource] = {}
    yield Resource(place, resource, near, far)
    for number, held in enumerate(many(resource.get("contained"))):
        at = f"{place}.contained[{number}]"
        inner = checked(held, at, problems)
        if kind_of(inner):
            made = Resource(at, inner, near, far)
            near.setdefault(f"#{plain(inner.get('id'))}", made)
            yield made


def _follow(reference: object, scope: Resource) -> Resource | None:
    """references.html: inside the resource, by the entry's address, or by type and id."""
    to = plain(one(reference).get("reference")).partition("/_history/")[0]
    short = "/".join(to.split("/")[-2:])
    return scope.near.get(to) or scope.far.get(to) or scope.far.get(short)


# --- documents --------------------------------------------------------------------------------------------


def _report(report: Resource, done: set[int], problems: Problems) -> Document | None:
    withdrawn = report.data.get("status") in WITHDRAWN
    rows: list[Stated] = []
    whole = (LOINC, LABORATORY_REPORT) in parts.codes(report.data.get("code"))
    panel = "" if whole else concept(report.data.get("code"))
    for number, reference in enumerate(many(report.data.get("result"))):
        found = _follow(reference, report)
        if found is None or found.kind != "Observation":
            problems.add(f"{report.place}.result[{number}]", "reference")
        else:
            rows += _rows(found, panel, done, problems)
    if withdrawn or not _understood(report, problems):
        if withdrawn:
            problems.add(report.place, "withdrawn")
        return None
    for number, form in enumerate(many(report.data.get("presentedForm"))):
        problems.add(f"{report.place}.presentedForm[{number}]", "attachment", plain(one(form).get("contentType")))
    conclusion = report.data.get("conclusion")
    made = _document(report, tuple(rows), problems)
    return replace(
        made,
        reported=parts.moment(report.data.get("issued"), f"{report.place}.issued", problems),
        notes=(lines_of(conclusion),) if isinstance(conclusion, str) and conclusion.strip() else (),
    )


def _document(scope: Resource, rows: tuple[Stated, ...], problems: Problems) -> Document:
    """A document with what the subject, the performer and the time of a resource tell."""
    subject = scope.data.get("subject")
    patient = _follow(subject, scope)
    if patient is None and one(subject).get("reference") is not None:
        problems.add(f"{scope.place}.subject", "reference")
    told = patient.data if patient and patient.kind == "Patient" else {}
    at = patient.place if patient else scope.place
    return Document(
        rows=rows,
        language=plain(scope.data.get("language")) or None,
        lab=_performer(scope),
        person=_name(told) or plain(one(subject).get("display")),
        birth_date=parts.moment(told.get("birthDate"), f"{at}.birthDate", problems),
        sex=_sex(told.get("gender"), f"{at}.gender", problems),
        collected=_effective(scope, problems),
        place=scope.place,
    )


def _loose(resources: list[Resource], done: set[int], problems: Problems) -> list[Document]:
    """One document a patient, of Observations that stand in no report and in no other Observation."""
    waiting = [resource for resource in resources if resource.kind == "Observation"]
    members = {id(found.data) for each in waiting for found in _members(each) if found.data is not each.data}
    groups: dict[str, list[Resource]] = {}
    for resource in sorted(waiting, key=lambda each: id(each.data) in members):
        if id(resource.data) in done or not _is_lab(resource, problems):
            continue
        patient = _follow(resource.data.get("subject"), resource)
        key = patient.place if patient else plain(one(resource.data.get("subject")).get("reference"))
        groups.setdefault(key, []).append(resource)
    made = []
    for group in groups.values():
        rows = [row for resource in group for row in _rows(resource, "", done, problems)]
        made += [_document(group[0], tuple(rows), problems)] if rows else []
    return made


def _is_lab(resource: Resource, problems: Problems) -> bool:
    """Whether an Observation is of the laboratory; one that does not say counts as such."""
    told = [code for category in many(resource.data.get("category")) for _, code in parts.codes(category)]
    if not told or any(code in LABORATORY for code in told):
        return True
    problems.add(resource.place, "not_lab", told[0])
    return False


def _name(patient: Mapping[str, Any]) -> str:
    """HumanName: its text, else its parts; the official one first, then the usual one."""
    names = [one(name) for name in many(patient.get("name"))]
    for name in sorted(names, key=lambda each: {"official": 0, "usual": 1}.get(plain(each.get("use")), 2)):
        pieces = (plain(piece) for part in ("prefix", "given", "family", "suffix") for piece in many(name.get(part)))
        said = plain(name.get("text")) or joined(list(pieces), " ")
        if said:
            return said
    return ""


def _sex(gender: object, place: str, problems: Problems) -> Sex | None:
    known: dict[str, Sex] = {"female": "F", "male": "M"}
    found = known.get(plain(gender))
    if gender is not None and found is None:
        problems.add(place, "sex")
    return found


def _performer(scope: Resource) -> str:
    """The organization that made it, else whoever is named."""
    told = [(one(reference), _follow(reference, scope)) for reference in many(scope.data.get("performer"))]
    names = [plain(found.data.get("name")) for _, found in told if found and found.kind == "Organization"]
    return next(filter(None, [*names, *(plain(reference.get("display")) for reference, _ in told)]), "")


def _effective(scope: Resource, problems: Problems) -> str | None:
    """effective[x]: the time at which the value held; of a specimen, when it was taken."""
    period = one(scope.data.get("effectivePeriod"))
    for field, told in (
        ("effectiveDateTime", scope.data.get("effectiveDateTime")),
        ("effectiveInstant", scope.data.get("effectiveInstant")),
        ("effectivePeriod", period.get("start") or period.get("end")),
    ):
        if told is not None:
            return parts.moment(told, f"{scope.place}.{field}", problems)
    return None


# --- one Observation --------------------------------------------------------------------------------------


def _members(resource: Resource) -> list[Resource]:
    found = (_follow(reference, resource) for reference in many(resource.data.get("hasMember")))
    return [member for member in found if member and member.kind == "Observation"]


def _rows(resource: Resource, panel: str, done: set[int], problems: Problems, depth: int = 0) -> Iterator[Stated]:
    """The rows of an Observation: itself, its components, its members. Each Observation once."""
    if id(resource.data) in done:
        return
    done.add(id(resource.data))
    status = plain(resource.data.get("status"))
    components, members = many(resource.data.get("component")), many(resource.data.get("hasMember"))
    if len(components) > MOST_PARTS:
        problems.add(f"{resource.place}.component", "cut_off")
        components = components[:MOST_PARTS]
    row = _row(resource, panel, problems)
    if status in WITHDRAWN and not (status == "cancelled" and not row.value):
        problems.add(resource.place, "withdrawn")
    elif _understood(resource, problems):
        if row.value or "dataAbsentReason" in resource.data or not (components or members):
            yield from _named(row, problems)
        for number, component in enumerate(components):
            at = f"{resource.place}.component[{number}]"
            yield from _named(_component(row, checked(component, at, problems), at, problems), problems)
    if depth > DEEPEST:
        problems.add(resource.place, "too_deep")
        return
    for number, reference in enumerate(members):
        found = _follow(reference, resource)
        if found is None or found.kind != "Observation":
            problems.add(f"{resource.place}.hasMember[{number}]", "reference")
        else:
            yield from _rows(found, row.name or panel, done, problems, depth + 1)


def _understood(resource: Resource, problems: Problems) -> bool:
    """extensibility.html#modifierExtension: what may change the meaning must not be passed over."""
    for field in ("modifierExtension", "implicitRules"):
        if resource.data.get(field) is not None:
            problems.add(resource.place, "not_read", field)
            return False
    return True


def _named(row: Stated, problems: Problems) -> Iterator[Stated]:
    if not row.name:
        problems.add(row.place, "no_name")
        return
    if row.value or row.status == "absent":
        yield row
        return
    problems.add(row.place, "no_value")
    yield replace(row, status="absent")


def _row(resource: Resource, panel: str, problems: Problems) -> Stated:
    data, place = resource.data, resource.place
    status = plain(data.get("status"))
    if status and status not in STATUS and status not in WITHDRAWN:
        problems.add(f"{place}.status", "status")
    notes = [one(note).get("text") for note in many(data.get("note"))]
    specimen = _follow(data.get("specimen"), resource)
    kind = concept(specimen.data.get("type")) if specimen else ""
    row = Stated(
        name="",
        status=STATUS.get(status, "unknown"),
        panel=panel,
        specimen=kind or plain(one(data.get("specimen")).get("display")),
        method=concept(data.get("method")),
        collected=_effective(resource, problems) or _taken(specimen, problems),
        comment=joined([lines_of(note) for note in notes if isinstance(note, str)]),
        place=place,
    )
    return _valued(row, data, place, problems)


def _taken(specimen: Resource | None, problems: Problems) -> str | None:
    """Specimen.collection.collected[x]."""
    if specimen is None:
        return None
    collection = one(specimen.data.get("collection"))
    told = collection.get("collectedDateTime") or one(collection.get("collectedPeriod")).get("start")
    return parts.moment(told, f"{specimen.place}.collection", problems)


def _component(row: Stated, component: Mapping[str, Any], place: str, problems: Problems) -> Stated:
    """Observation.component: a result of its own with the parent's specimen, method and time."""
    status: Status = "unknown" if row.status == "absent" else row.status
    bare = Stated(
        name="",
        status=status,
        panel=row.name or row.panel,
        specimen=row.specimen,
        method=row.method,
        collected=row.collected,
        comment=row.comment if not row.value and not row.value_codes else "",
        place=place,
    )
    return _valued(bare, component, place, problems)


def _valued(row: Stated, data: Mapping[str, Any], place: str, problems: Problems) -> Stated:
    """The row with what code, value, range and interpretation tell."""
    value = parts.measured(data, place, problems)
    range_ = parts.bounds(data, value, place, problems)
    flag, flag_text = parts.flag(data, place, problems)
    reason = data.get("dataAbsentReason")
    absent = not value.value and (reason is not None or row.status == "absent" or data.get("status") == "cancelled")
    status: Status = "absent" if absent else "unknown" if row.status == "absent" else row.status
    return replace(
        row,
        name=concept(data.get("code")),
        codes=parts.codes(data.get("code")),
        value=value.value,
        number=value.number,
        comparator=value.comparator,
        unit=value.unit,
        unit_code=value.unit_code,
        value_codes=value.codes,
        range_text=range_.text,
        low=range_.low,
        high=range_.high,
        flag=flag,
        flag_text=flag_text,
        comment=joined([row.comment, concept(reason)]),
        status=status,
    )
