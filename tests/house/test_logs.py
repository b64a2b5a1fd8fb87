"""Log lines: one for each request, with the id that the answer carries, and as JSON in production."""

import json
import logging
import logging.config

from django.http import HttpResponse

from config import logs


def answer(rf, path: str) -> HttpResponse:
    return logs.RequestLogMiddleware(lambda _request: HttpResponse("ok"))(rf.get(path))


def test_each_request_has_a_line_without_its_query(rf, caplog):
    with caplog.at_level(logging.INFO, "market.request"):
        answer(rf, "/agencies/?q=secret")
    assert "GET /agencies/ 200" in caplog.text
    assert "secret" not in caplog.text


def test_each_answer_has_an_id_of_its_own(rf):
    first, second = answer(rf, "/"), answer(rf, "/")
    assert len(first[logs.HEADER]) == 32
    assert first[logs.HEADER] != second[logs.HEADER]


def test_probes_write_no_lines(rf, caplog):
    with caplog.at_level(logging.INFO, "market.request"):
        answer(rf, "/readyz")
    assert caplog.text == ""


def test_production_writes_json():
    settings = logs.configuration(readable=False)
    formatter = logging.config.DictConfigurator(settings).configure_formatter(settings["formatters"]["line"])
    record = logging.LogRecord("market", logging.INFO, __file__, 1, "竞价 %s", ("GS-2026-000001",), None)
    line = json.loads(formatter.format(record))
    assert (line["event"], line["level"], line["logger"]) == ("竞价 GS-2026-000001", "info", "market")
