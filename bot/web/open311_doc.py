"""The OpenAPI 3.1 document of the open door (接口说明书), served at ``/open311/openapi.json``.

Built from small parts so that it says the same everywhere; schemathesis holds the program to it in
``tests/web``. Called by ``bot.web.open311``.
"""

from typing import Any

Json = dict[str, Any]
_FORMAT = {"name": "format", "in": "path", "required": True, "schema": {"enum": ["json", "xml"]}}
_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_MOMENT = {"type": "string", "format": "date-time"}
_LINK: Json = {"maxLength": 500, "pattern": "^https?://[a-z0-9.]+(/[!-~]*)?$"}
_ID = {"type": "string", "pattern": "^[0-9A-Za-z-]{1,40}$"}


def document(jurisdiction: str) -> Json:
    """The whole document for one station."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "警格开放接口 (Open311 GeoReport v2)",
            "version": "2.0.0",
            "description": "其他系统报事和查进度。这里不是报警台，急事请打110。",
        },
        "servers": [{"url": "/open311/v2"}],
        "paths": _paths(jurisdiction),
        "components": {
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
            "schemas": _schemas(),
        },
    }


def _paths(jurisdiction: str) -> Json:
    whose = _query("jurisdiction_id", {"enum": ["", jurisdiction]}, "可以不填；填了要是本所的编号")
    when = {"anyOf": [_MOMENT, {"const": ""}]}
    dates = [_query("start_date", when, "从"), _query("end_date", when, "到；最多90天")]
    ids = _query("service_request_id", _TEXT, "编号，多个用逗号隔开，至多50个")
    code = {"name": "service_code", "in": "path", "required": True, "schema": _TEXT}
    one = {"name": "service_request_id", "in": "path", "required": True, "schema": _ID}
    again = {
        "name": "Idempotency-Key",
        "in": "header",
        "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
        "description": "同一个键重发，只登记一次，回答相同",
    }
    listing = [
        _FORMAT,
        whose,
        ids,
        _query("service_code", _TEXT, "类别，多个用逗号隔开"),
        _query("status", {"enum": ["", "open", "closed"]}, "进度"),
        *dates,
    ]
    return {
        "/services.{format}": {
            "get": _open("listServices", "可报的类别", [_FORMAT, whose], _list_of("Service")),
        },
        "/services/{service_code}.{format}": {
            "get": _open("getService", "一个类别", [_FORMAT, code, whose], _ref("Definition")),
        },
        "/requests.{format}": {
            "get": _keyed("listRequests", "本系统报的事", listing, _list_of("Request")),
            "post": _posting("postRequest", "报一件事", [_FORMAT, again], "NewRequest", "Created"),
        },
        "/requests/{service_request_id}.{format}": {
            "get": _keyed("getRequest", "一件事", [_FORMAT, one, whose], _list_of("Request")),
        },
        "/servicerequestupdates.{format}": {
            "get": _keyed(
                "listUpdates", "进度变化", [_FORMAT, whose, ids, *dates], _list_of("Update")
            ),
            "post": _posting("postUpdate", "补充一句", [_FORMAT, again], "NewUpdate", "Added"),
        },
    }


def _query(name: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _list_of(name: str) -> Json:
    return {"type": "array", "items": _ref(name)}


def _open(
    name: str,
    summary: str,
    parameters: list[Json],
    schema: Json,
) -> Json:
    codes = ["404", "429", "503"]
    found = _operation(
        name, summary, parameters, {"200": _answer("好了", schema), **_faults(codes)}
    )
    return found | {"security": []}


def _keyed(name: str, summary: str, parameters: list[Json], schema: Json) -> Json:
    codes = ["400", "403", "404", "429", "503"]
    return _operation(name, summary, parameters, {"200": _answer("好了", schema), **_faults(codes)})


def _posting(name: str, summary: str, parameters: list[Json], body: str, answer: str) -> Json:
    codes = ["400", "403", "404", "408", "409", "413", "415", "429", "503"]
    responses = {"201": _answer("收下了", _list_of(answer)), **_faults(codes)}
    found = _operation(name, summary, parameters, responses)
    found["requestBody"] = {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {"schema": _ref(f"{body}Form")},
            "application/json": {"schema": _ref(body)},
        },
    }
    return found


def _operation(name: str, summary: str, parameters: list[Json], responses: Json) -> Json:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": responses,
        "security": [{"key": []}],
    }


def _answer(description: str, schema: Json) -> Json:
    content: Json = {"application/json": {"schema": schema}, "text/xml": {"schema": _TEXT}}
    return {"description": description, "content": content}


def _faults(codes: list[str]) -> Json:
    return {code: _answer(_SAID[code], _list_of("Error")) for code in codes}


_SAID = {
    "400": "参数不对",
    "403": "没有密钥或密钥不对",
    "404": "没有这个编号、类别或辖区",
    "408": "内容传得太慢",
    "409": "这个幂等键用过，内容不一样",
    "413": "内容超过64KB",
    "415": "只收表单或JSON",
    "429": "太快了，等 Retry-After 秒",
    "503": "暂时存不下，请重发",
}


def _object(required: list[str], **fields: Json) -> Json:
    return {"type": "object", "properties": fields, "required": required}


def _limited(most: int) -> Json:
    """A text that says something."""
    return {
        "type": "string",
        "maxLength": most,
        "minLength": 1,
        "pattern": r"[0-9A-Za-z\u4e00-\u9fff]",
    }


def _schemas() -> Json:
    fault = _object(["code", "description"], code={"type": "integer"}, description=_TEXT)
    service = _object(
        ["service_code", "service_name", "metadata", "type"],
        service_code=_TEXT,
        service_name=_TEXT,
        description=_TEXT,
        metadata={"const": False},
        type={"const": "realtime"},
        keywords=_TEXT,
        group=_TEXT,
    )
    return {
        "Error": fault,
        "Service": service,
        "Definition": _object(
            ["service_code", "attributes"], service_code=_TEXT, attributes={"type": "array"}
        ),
        "NewRequest": _new_request(nullable=True),
        "NewRequestForm": _new_request(nullable=False),
        "NewUpdate": _new_update(nullable=True),
        "NewUpdateForm": _new_update(nullable=False),
        "Created": _object(
            ["service_request_id"], service_request_id=_ID, service_notice=_MAYBE, account_id=_MAYBE
        ),
        "Added": _object(["update_id"], update_id=_ID, service_request_id=_ID),
        "Request": _request(),
        "Update": _object(
            ["update_id", "service_request_id", "status", "updated_datetime"],
            update_id=_TEXT,
            service_request_id=_ID,
            status={"enum": ["open", "closed"]},
            updated_datetime=_MOMENT,
            description=_TEXT,
        ),
    }


def _new_request(*, nullable: bool) -> Json:
    """A report; in JSON a field that is not known may be null, in a form it is left out."""
    names = ("first_name", "last_name", "phone", "email")
    degrees = {"lat": 90, "long": 180}
    return _object(
        ["service_code", "description", "address_string"],
        service_code={"type": "string", "pattern": "^[0-9A-Za-z]{1,20}$", "examples": ["auto"]},
        description=_limited(4000),
        address_string=_limited(200),
        media_url=_maybe("string", nullable, **_LINK),
        **{name: _maybe("string", nullable, maxLength=100) for name in names},
        **{
            name: _maybe("number", nullable, minimum=-most, maximum=most)
            for name, most in degrees.items()
        },
    )


def _new_update(*, nullable: bool) -> Json:
    return _object(
        ["service_request_id", "description"],
        service_request_id=_ID,
        description=_limited(4000),
        update_id=_maybe("string", nullable, pattern="^[!-~]{1,200}$"),
        media_url=_maybe("string", nullable, **_LINK),
    )


def _maybe(kind: str, nullable: bool, **more: Any) -> Json:
    return {"type": [kind, "null"] if nullable else kind, **more}


def _request() -> Json:
    maybe = dict.fromkeys(("description", "address", "service_notice", "media_url"), _MAYBE)
    return _object(
        ["service_request_id", "status", "service_code", "requested_datetime"],
        service_request_id=_ID,
        status={"enum": ["open", "closed"]},
        status_notes=_TEXT,
        service_name=_TEXT,
        service_code=_TEXT,
        agency_responsible=_TEXT,
        requested_datetime=_MOMENT,
        updated_datetime=_MOMENT,
        expected_datetime=_MAYBE,
        **maybe,
    )
