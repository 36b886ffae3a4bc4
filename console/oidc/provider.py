"""A provider of identities: what it says of itself, the way to it, and whom it says somebody is.

Discovery (OpenID Connect Discovery 1.0), authorization code with PKCE (RFC 6749, RFC 7636), the ID token checked as
OpenID Connect Core 3.1.3.7 says: signature, issuer, audience, nonce, times.
"""

import asyncio
import base64
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote_plus

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from console.oidc.arrangement import Arrangement
from console.oidc.attempt import Attempt
from console.oidc.fetching import Distrusted, ProviderAway, fetch_json

KNOWN_FOR: Final = 3600.0
"""Seconds that what the provider says of itself is taken for true."""
KEYS_AGAIN: Final = 10.0
"""Seconds between two looks for a key that was not there: keys change, and a forged token must not make us ask."""
LEEWAY: Final = 60
"""Seconds that the two clocks may be apart."""
SIGNED_BY: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""What only the provider can sign with: no shared secret, and never ``none``."""

Claims = dict[str, Any]


class Provider:
    """The provider that was arranged with. ``fetch``: how it is asked."""

    def __init__(self, arrangement: Arrangement, fetch: Callable[..., dict[str, Any]] = fetch_json) -> None:
        self.arrangement = arrangement
        self._fetch = fetch
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str, Any] = {}
        self._known_at = self._keys_at = float("-inf")

    async def way(self, attempt: Attempt) -> str:
        """Where the browser goes to log in. Raises ProviderAway."""
        metadata = await self._discovered()
        arranged = self.arrangement
        return str(
            prepare_grant_uri(
                metadata["authorization_endpoint"],
                arranged.client_id,
                "code",
                redirect_uri=arranged.back,
                scope=" ".join(arranged.scopes),
                state=attempt.state,
                nonce=attempt.nonce,
                code_challenge=create_s256_code_challenge(attempt.verifier),
                code_challenge_method="S256",
            )
        )

    async def claims(self, attempt: Attempt, code: str) -> Claims:
        """What the provider says of the person who came back with a code. Raises Distrusted, ProviderAway."""
        metadata = await self._discovered()
        answer = await self._exchanged(metadata, attempt, code)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise Distrusted("no ID token came with the code")
        claims = await self._checked(metadata, token, attempt.nonce, answer.get("access_token"))
        return await self._completed(metadata, claims, answer.get("access_token"))

    async def _discovered(self) -> dict[str, Any]:
        if time.monotonic() - self._known_at > KNOWN_FOR:
            issuer = self.arrangement.issuer
            found = await self._asked(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != issuer:
                raise ProviderAway(f"{issuer} calls itself otherwise")
            lacks = [name for name in ("authorization_endpoint", "token_endpoint", "jwks_uri") if not found.get(name)]
            if lacks:
                raise ProviderAway(f"{issuer} names no {lacks[0]}")
            self._metadata, self._known_at, self._keys_at = found, time.monotonic(), float("-inf")
        return self._metadata

    async def _asked(self, url: str, *more: Any) -> dict[str, Any]:
        try:
            return await asyncio.to_thread(self._fetch, url, *more)
        except Distrusted as error:
            if more:
                raise
            raise ProviderAway(str(error)) from None

    async def _exchanged(self, metadata: dict[str, Any], attempt: Attempt, code: str) -> dict[str, Any]:
        arranged, headers, client = self.arrangement, {}, {"client_id": self.arrangement.client_id}
        if arranged.secret is not None:
            known = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            if "client_secret_basic" in known:
                pair = f"{quote_plus(arranged.client_id)}:{quote_plus(arranged.secret)}"
                headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
            else:
                client["client_secret"] = arranged.secret
        body = prepare_token_request(
            "authorization_code", redirect_uri=arranged.back, code=code, code_verifier=attempt.verifier, **client
        )
        return await self._asked(metadata["token_endpoint"], body, headers)

    async def _checked(self, metadata: dict[str, Any], token: str, nonce: str, access: Any) -> Claims:
        algorithms = sorted(SIGNED_BY & set(metadata.get("id_token_signing_alg_values_supported") or ["RS256"]))
        registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
        try:
            try:
                read = jwt.decode(token, await self._key_set(metadata), registry=registry)
            except InvalidKeyIdError:
                read = jwt.decode(token, await self._key_set(metadata, again=True), registry=registry)
            options = {
                "iss": {"essential": True, "value": self.arrangement.issuer},
                "aud": {"essential": True, "value": self.arrangement.client_id},
            }
            params = {"nonce": nonce, "client_id": self.arrangement.client_id, "access_token": access}
            claims = CodeIDToken(read.claims, read.header, options, params)
            claims.validate(leeway=LEEWAY)
        except (JoseError, ValueError, TypeError) as error:
            raise Distrusted(f"ID token: {type(error).__name__}: {error}") from None
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise Distrusted("ID token: sub is not a text")
        return dict(claims)

    async def _key_set(self, metadata: dict[str, Any], *, again: bool = False) -> KeySet:
        age = time.monotonic() - self._keys_at
        if age > KNOWN_FOR or (again and age > KEYS_AGAIN):
            self._keys = await self._asked(metadata["jwks_uri"])
            self._keys_at = time.monotonic()
        given = self._keys.get("keys")
        public = [
            key
            for key in (given if isinstance(given, list) else [])
            if isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"
        ]
        return KeySet.import_key_set({"keys": public})

    async def _completed(self, metadata: dict[str, Any], claims: Claims, access: Any) -> Claims:
        """With what only the user's own endpoint says, when a claim that counts is not in the token."""
        arranged = self.arrangement
        wanted = {arranged.login, *(rule.claim.split(".")[0] for rule in arranged.rules)}
        where = metadata.get("userinfo_endpoint")
        if wanted <= claims.keys() or not where or not isinstance(access, str):
            return claims
        more = await self._asked(where, None, {"Authorization": f"Bearer {access}"})
        if more.get("sub") != claims["sub"]:
            raise Distrusted("userinfo speaks of somebody else")
        return more | claims
