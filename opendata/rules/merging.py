"""Adding releases up to a record, as OCDS 1.1 says (merging routine); the tests hold it against `ocdsmerge`. Pure.

Objects are merged field by field, lists of objects by their `id`, other lists as a whole; null takes a field away.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from opendata.rules.shapes import Facts, Release

_OMITTED = ("id", "date", "tag")
_WHOLE = frozenset({"additionalIdentifiers", "additionalClassifications"})


def compiled(found: Iterable[Release]) -> Release:
    """The compiled release of one process; `found` in the order of their dates, at least one."""
    total: Release = {"tag": ["compiled"]}
    for release in found:
        total |= {"id": f"{release['ocid']}-{release['date']}", "date": release["date"]}
        _merge(total, {name: said for name, said in release.items() if name not in _OMITTED})
    return total


def record(facts: Facts, found: list[Release], *, linked: bool = False) -> dict[str, Any]:
    """`{"ocid", "releases", "compiledRelease"}`; `linked`: where the releases are instead of the releases themselves."""
    address = facts.url(f"/r/{facts.number}/ocds/releases.json")
    links = [{"url": f"{address}#{one['id']}", "date": one["date"], "tag": one["tag"]} for one in found]
    return {"ocid": facts.ocid, "releases": links if linked else found, "compiledRelease": compiled(found)}


def _merge(into: dict[str, Any], new: Mapping[str, Any]) -> None:
    for name, said in new.items():
        if said is None:
            into.pop(name, None)
        elif isinstance(said, Mapping):
            if said:
                _merge(into.setdefault(name, {}), said)
        elif name not in _WHOLE and isinstance(said, list) and all(isinstance(one, Mapping) for one in said):
            if said:
                _merge_by_id(into.setdefault(name, []), said)
        else:
            into[name] = said


def _merge_by_id(into: list[dict[str, Any]], new: list[Mapping[str, Any]]) -> None:
    known = {one["id"]: one for one in into if "id" in one}
    for said in new:
        found = known.get(said["id"]) if "id" in said else None
        if found is None:
            found = {"id": said["id"]} if "id" in said else {}
            into.append(found)
            if "id" in said:
                known[said["id"]] = found
        _merge(found, said)
