"""The API's own documentation page, drawn from its OpenAPI document: no script, nothing from elsewhere."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader
from starlette.responses import Response

HERE = Path(__file__).parent / "templates"
CSP = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
router = APIRouter(include_in_schema=False)
_METHODS = ("get", "post", "put")


@router.get("/docs")
async def page(request: Request) -> Response:
    """The page."""
    drawn = _environment().get_template("docs.html").render(groups=groups(request.app.openapi()), root=_root(request))
    return Response(drawn, media_type="text/html", headers={"Content-Security-Policy": CSP})


@router.get("/docs.css")
async def sheet() -> Response:
    """Its style sheet."""
    return Response((HERE / "docs.css").read_text(encoding="utf-8"), media_type="text/css")


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))


def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def groups(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations by tag, in the order of the routes."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            operation = methods.get(method)
            if operation is None:
                continue
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            entry = {
                "method": method.upper(),
                "path": path,
                "said": operation.get("description", ""),
                "parameters": operation.get("parameters", []),
                "example": body.get("example"),
                "answers": operation.get("responses", {}),
                "anchor": f"{method}{path}".replace("/", "-").replace("{", "").replace("}", ""),
            }
            found.setdefault((operation.get("tags") or ["other"])[0], []).append(entry)
    return found
