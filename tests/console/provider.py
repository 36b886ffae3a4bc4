"""A provider of identities on this machine: discovery, authorization with PKCE, tokens, keys, userinfo, as OpenID
Connect has them; and the ways in which one may be wrong."""

import base64
import contextlib
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "relance", "un secret: partagé"
# Making a key is slow: once for all tests.
_KEY, _OTHER = (RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}), RSAKey.generate_key(2048, {"kid": "one"}))


@dataclass
class IdentityProvider:
    """``person``: the claims of who logs in; ``userinfo``: those told only there. ``wrong``: what it does wrong with
    the ID token; ``down``: answers 503. ``codes``: the requests that were granted and not exchanged yet."""

    address: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    wrong: str = ""
    down: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def metadata(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """The person logs in; where their browser goes then."""
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.address})}"

    def token(self, asked: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The tokens of a code, once, to the client that shows its secret and the verifier."""
        pair = base64.b64encode(b"relance:un+secret%3A+partag%C3%A9").decode()
        granted = self.codes.pop(asked.get("code", ""), None)
        proof = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        if (
            granted is None
            or authorization != f"Basic {pair}"
            or granted["code_challenge"] != base64.urlsafe_b64encode(proof).decode().rstrip("=")
            or granted["redirect_uri"] != asked.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "at-1", "token_type": "Bearer", "id_token": self._id_token(granted["nonce"])}

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, "sub": "u-17",
            **self.person,
        }  # fmt: skip
        faults: dict[str, dict[str, Any]] = {
            "nonce": {"nonce": "another"},
            "expired": {"exp": now - 3600, "iat": now - 7200},
            "issuer": {"iss": "https://elsewhere.example"},
            "audience": {"aud": "another-client"},
        }
        claims |= faults.get(self.wrong, {})
        if self.wrong == "unsigned":
            return ".".join(_coded(part) for part in ({"alg": "none"}, claims)) + "."
        key = _OTHER if self.wrong == "signature" else _KEY
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)

    def keys(self) -> dict[str, Any]:
        """The public keys, one of a kind that nobody here knows."""
        return {"keys": [_KEY.as_dict(private=False), {"kty": "XYZ", "kid": "two"}]}


def _coded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _handler(provider: IdentityProvider) -> type[BaseHTTPRequestHandler]:
    """What the provider answers on its addresses."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, asked = urlsplit(self.path).path, _flat(urlsplit(self.path).query)
            if provider.down:
                self._say(503, {})
            elif path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            elif path == "/userinfo" and self.headers.get("Authorization") == "Bearer at-1":
                self._say(200, {"sub": "u-17", **provider.userinfo})
            else:
                known = {"/.well-known/openid-configuration": provider.metadata, "/keys": provider.keys}
                self._say(200, known[path]()) if path in known else self._say(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(*provider.token(_flat(body), self.headers.get("Authorization", "")))

        def _say(self, status: int, found: dict[str, Any]) -> None:
            content = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Silent."""

    return Handler


@contextlib.contextmanager
def providing() -> Iterator[IdentityProvider]:
    """The provider, on a port of its own."""
    provider = IdentityProvider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.address = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        serving.join(5)


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
