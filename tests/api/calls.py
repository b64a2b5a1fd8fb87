"""Calls of the API as a program makes them."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from accounts.queries import organisation_of
from api.actions.tokens import make_token
from api.models import TokenScope


@dataclass
class Answer:
    """What came back: status, headers, and the JSON if there is any."""

    status: int
    headers: Any
    json: Any

    def __getitem__(self, name: str) -> Any:
        return self.json[name]


@dataclass
class Program:
    """Somebody's program; without a token, a stranger's."""

    token: str = ""

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.call("DELETE", path, **headers)

    def send(self, path: str, file: tuple[str, bytes], **fields: str) -> Answer:
        """The fields beside a file, (name, content), as `multipart/form-data`."""
        headers = {"Authorization": f"Bearer {self.token}"}
        parts = {"file": SimpleUploadedFile(*file), **fields}
        answer = Client().post("/api/v1/" + path, parts, headers=headers)
        return Answer(answer.status_code, answer.headers, json.loads(answer.content))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """`Idempotency_Key="…"` is the header of that name; `path` without `/api/v1/` in front is one of the API."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            said["Authorization"] = f"Bearer {self.token}"
        address = path if path.startswith("http") else "/api/v1/" + path.removeprefix("/api/v1/")
        sent = "" if body is None else json.dumps(body, ensure_ascii=False)
        answer = Client().generic(
            method, address.removeprefix("http://testserver"), sent, content_type="application/json", headers=said
        )
        found = json.loads(answer.content) if answer.content else None
        return Answer(answer.status_code, answer.headers, found)


def program_of(user: User, scope: TokenScope = TokenScope.WRITE) -> Program:
    """A program with a token of this person, for the organisation that the person acts for."""
    organisation = organisation_of(user)
    assert organisation is not None
    return Program(make_token(user, organisation, "test", scope).secret)
