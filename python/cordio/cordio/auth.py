"""Authorisation (bearer tokens, client certificates) and the expiry of certificates."""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import hmac
import json
import ssl
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, Mapping, Optional, Protocol, Tuple, Union

from .http import HttpError, Request

if TYPE_CHECKING:
    from .app import App

Identity = Mapping[str, Any]


class Check(Protocol):
    """Finds out who asks, and raises :class:`HttpError` where that is nobody who may."""

    def check(self, request: Request) -> Identity:
        ...


class Bearer:
    """Knows clients by ``Authorization: Bearer …``.

    Parameters
    ----------
    tokens
        Token → who that is.
    secret
        Of JSON web tokens, signed by HS256.
    verify
        A function of one's own: token → identity, None for nobody.

    Examples
    --------
    >>> bearer = Bearer(tokens={"t0p": {"name": "shop"}})
    >>> bearer.check(Request("GET", "/", headers={"authorization": "Bearer t0p"}))
    {'name': 'shop'}
    >>> bearer.check(Request("GET", "/"))
    Traceback (most recent call last):
        ...
    cordio.http.HttpError: a bearer token is needed
    """

    def __init__(
        self,
        tokens: Optional[Mapping[str, Identity]] = None,
        *,
        secret: Optional[str] = None,
        verify: Optional[Callable[[str], Optional[Identity]]] = None,
    ) -> None:
        if not (tokens or secret or verify):
            raise ValueError("nobody could ever be known: give tokens, secret or verify")
        # Compared by digest, so that the time tells nothing about the tokens.
        self._tokens = {hashlib.sha256(token.encode()).digest(): who for token, who in (tokens or {}).items()}
        self._secret = secret
        self._verify = verify

    def check(self, request: Request) -> Identity:
        """Return who asks."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise HttpError(401, "a bearer token is needed", headers={"www-authenticate": "Bearer"})
        token = token.strip()
        found = self._tokens.get(hashlib.sha256(token.encode()).digest())
        if found is None and self._verify is not None:
            found = self._verify(token)
        if found is None and self._secret is not None:
            found = read_jwt(token, self._secret)
        if found is None:
            raise HttpError(
                401, "the token is not valid", headers={"www-authenticate": 'Bearer error="invalid_token"'}
            )
        return found


class ClientCertificate:
    """Knows clients by their certificates (mTLS): that of our own server, uWSGI's ``HTTPS_DN``, Apache's ``SSL_CLIENT_S_DN``.

    Parameters
    ----------
    allow
        Common names (``*`` and ``?`` match); all that the authority has signed by default.

    Examples
    --------
    >>> request = Request("GET", "/", peer={"subject": ((("commonName", "shop"),),)})
    >>> ClientCertificate(["sh*"]).check(request)
    {'name': 'shop'}
    """

    def __init__(self, allow: Iterable[str] = ("*",)) -> None:
        self._allow = tuple(allow)

    def check(self, request: Request) -> Identity:
        """Return who asks."""
        name = _common_name(request.peer)
        if name is None:
            raise HttpError(401, "a client certificate is needed")
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in self._allow):
            raise HttpError(403, f"{name} may not")
        return {"name": name}


def guard(
    app: App, check: Check, paths: Union[str, Iterable[str]] = "*", open_paths: Iterable[str] = ()
) -> None:
    """Let only known clients in; ``request.identity`` says who it is.

    Parameters
    ----------
    app
        Whose requests.
    check
        :class:`Bearer`, :class:`ClientCertificate`, or something of one's own.
    paths
        Which paths (``*`` and ``?`` match).
    open_paths
        Except these. Pages of the App are always open, but ``/internal/state``, which has a token of its own.
    """
    patterns: Tuple[str, ...] = (paths,) if isinstance(paths, str) else tuple(paths)
    excepted = tuple(open_paths)

    async def authorise(request: Request) -> None:
        if any(fnmatch.fnmatchcase(request.path, one) for one in patterns) and not any(
            fnmatch.fnmatchcase(request.path, one) for one in excepted
        ):
            request.identity = check.check(request)

    app.on("request")(authorise)


def make_jwt(claims: Mapping[str, Any], secret: str) -> str:
    """Return a JSON web token, signed by HS256."""
    signed = f"{_encode(json.dumps({'alg': 'HS256', 'typ': 'JWT'}).encode())}.{_encode(json.dumps(claims).encode())}"
    return f"{signed}.{_encode(_sign(signed, secret))}"


def read_jwt(token: str, secret: str, now: Optional[float] = None) -> Optional[Dict[str, Any]]:
    """Return the claims of a token that is signed by this secret and valid now; otherwise None.

    Examples
    --------
    >>> token = make_jwt({"sub": "shop", "exp": 100}, "s3cret")
    >>> read_jwt(token, "s3cret", now=50), read_jwt(token, "s3cret", now=150), read_jwt(token, "other", now=50)
    ({'sub': 'shop', 'exp': 100}, None, None)
    """
    signed, _, signature = token.rpartition(".")
    try:
        header = json.loads(_decode(signed.partition(".")[0]))
        claims = json.loads(_decode(signed.partition(".")[2]))
        # Only the one kind of signature that is checked here: "none" is one, too.
        if header.get("alg") != "HS256" or not hmac.compare_digest(_decode(signature), _sign(signed, secret)):
            return None
        at = time.time() if now is None else now
        if float(claims.get("exp", at + 1)) <= at or float(claims.get("nbf", at)) > at:
            return None
    except (ValueError, AttributeError, TypeError):
        return None
    return dict(claims)


def tls_context(
    certificate: Union[str, Path], key: Union[str, Path, None] = None, ca: Union[str, Path, None] = None
) -> ssl.SSLContext:
    """Make the TLS settings of a server.

    Parameters
    ----------
    certificate, key
        Files of the server.
    ca
        An authority: only clients with a certificate of it are let in (mTLS).
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(str(certificate), str(key) if key else None)
    if ca:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(str(ca))
    return context


def certificate(path: Union[str, Path], now: Optional[float] = None) -> Dict[str, Any]:
    """Say until when a certificate is valid.

    Returns
    -------
    dict
        ``path``, ``expires`` (ISO), ``days`` that are left; or ``path`` and ``error``.
    """
    try:
        text = Path(path).read_text("latin-1")
        begin = text.index("-----BEGIN CERTIFICATE-----")
        end = text.index("-----END CERTIFICATE-----", begin) + len("-----END CERTIFICATE-----")
        until = not_after(ssl.PEM_cert_to_DER_cert(text[begin:end]))
    except (OSError, ValueError, IndexError) as error:
        return {"path": str(path), "error": str(error) or "it is no certificate"}
    left = until.timestamp() - (time.time() if now is None else now)
    return {"path": str(path), "expires": until.isoformat(), "days": int(left // 86400)}


def not_after(der: bytes) -> datetime:
    """Read the end of a certificate's validity (RFC 5280: Certificate, tbsCertificate, validity, notAfter)."""
    _, whole, _ = _element(der, 0)
    _, body, _ = _element(whole, 0)
    tag, _, at = _element(body, 0)
    for _ in range(3 if tag == 0xA0 else 2):  # version where it stands, then serialNumber, signature, issuer
        _, _, at = _element(body, at)
    _, validity, _ = _element(body, at)
    _, _, at = _element(validity, 0)
    tag, time_text, _ = _element(validity, at)
    text = time_text.decode("ascii")
    if tag == 0x17:  # UTCTime: two digits of the year, 50 and above are of the last century
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=timezone.utc)


def _element(der: bytes, at: int) -> Tuple[int, bytes, int]:
    tag, length, at = der[at], der[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        length, at = int.from_bytes(der[at : at + count], "big"), at + count
    if at + length > len(der):
        raise ValueError("it is cut off")
    return tag, der[at : at + length], at + length


def _common_name(peer: Optional[Mapping[str, Any]]) -> Optional[str]:
    if not peer:
        return None
    for part in peer.get("subject", ()):
        for key, value in part:
            if key == "commonName":
                return str(value)
    for part in str(peer.get("dn", "")).replace("/", ",").split(","):
        key, _, value = part.strip().partition("=")
        if key.upper() == "CN" and value:
            return str(value)
    return None


def _sign(text: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
