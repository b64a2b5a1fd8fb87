"""What others check OCDS files with: the published schemas, the publishers' own validator, the reference merge. All offline."""

import json
import random
import zipfile
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import jsonschema
import ocdsmerge
from libcoveocds.api import ocds_json_output
from libcoveocds.config import LibCoveOCDSConfig
from referencing import Registry, Resource

from opendata import queries

SCHEMAS = Path(__file__).parent / "schemas"
_FORMATS = jsonschema.Draft4Validator.FORMAT_CHECKER


@cache
def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}-schema.json").read_text())
    return found


@cache
def _validator(name: str) -> jsonschema.Draft4Validator:
    known = [Resource.from_contents(schema(one)) for one in ("release", "release-package", "record-package")]
    # The versioned schema is only ever referred to by records with versioned releases; ours have none.
    versioned = Resource.from_contents({"$schema": schema("release")["$schema"], "type": "object"})
    address = "https://standard.open-contracting.org/schema/1__1__5/versioned-release-validation-schema.json"
    registry = Registry().with_resources([(str(one.contents["id"]).rstrip("#"), one) for one in known])
    return jsonschema.Draft4Validator(
        schema(name), registry=registry.with_resource(address, versioned), format_checker=_FORMATS
    )


def problems(name: str, said: dict[str, Any]) -> list[str]:
    """What the schema `release-package` or `record-package` finds wrong."""
    return [f"{list(one.absolute_path)}: {one.message}" for one in _validator(name).iter_errors(said)]


class _FromTheZip:
    """A file of the standard instead of what `requests.get` would fetch: of records libcoveocds fetches one schema all the same."""

    def __init__(self, address: str, **_options: Any) -> None:
        self.name = f"standard-1__1__5/schema/{address.rpartition('/')[2]}"

    def raise_for_status(self) -> None:
        """It is there."""

    def json(self, **options: Any) -> Any:
        with zipfile.ZipFile(SCHEMAS / "standard-1.1.5.zip") as standard:
            return json.loads(standard.read(self.name), **options)


def libcove(said: dict[str, Any]) -> dict[str, Any]:
    """What `libcoveocds --standard-zip` says of a package, without the extensions that it would fetch."""
    config = LibCoveOCDSConfig()
    config.config.update(standard_zip=f"file://{SCHEMAS / 'standard-1.1.5.zip'}", context="api")
    plain = {name: part for name, part in said.items() if name != "extensions"}
    with mock.patch("jsonref.requests.get", _FromTheZip):
        found: dict[str, Any] = ocds_json_output(json_data=json.loads(json.dumps(plain)), lib_cove_ocds_config=config)
    return found


@cache
def _merger() -> ocdsmerge.Merger:
    return ocdsmerge.Merger(str(SCHEMAS / "release-schema.json"))


def merged(found: list[dict[str, Any]]) -> dict[str, Any]:
    """The reference merge of releases, whatever their order."""
    shuffled = list(found)
    random.Random(7).shuffle(shuffled)
    made: dict[str, Any] = _merger().create_compiled_release(shuffled)
    return made


def judged(number: str) -> list[dict[str, Any]]:
    """The releases of a request, after every check has found them, and its record, good."""
    from marketplace.models import Request

    request = Request.objects.get(number=number)
    package, record = queries.releases_of_request(request), queries.record_of_request(request)
    releases: list[dict[str, Any]] = package["releases"]
    assert problems("release-package", package) == []
    assert problems("record-package", record) == []
    for said in (package, record):
        found = libcove(said)
        assert found["validation_errors"] == []
        assert found["deprecated_fields"] == []
        assert found["additional_closed_codelist_values"] == {}
        assert found["additional_checks"] == {}
    assert record["records"][0]["compiledRelease"] == merged(releases)
    assert len({one["id"] for one in releases}) == len(releases)
    dates = [one["date"] for one in releases]
    assert dates == sorted(set(dates))
    return releases


def compiled(number: str) -> dict[str, Any]:
    """What holds now of a request whose releases and record are good."""
    return merged(judged(number))
