"""A sign-on service of our own: a real little HTTP server with real keys, which can be made to lie."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from crm.sign_on.tokens import LOGOUT_EVENT

CLIENT, SECRET = "ikz-beratung", "nur-fuer-die-tests"
SUBJECT = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
KEYS = {
    name: RSAKey.generate_key(2048, {"kid": name, "use": "sig"}) for name in ("first", "second", "foreign")
}
KEYS["ec"] = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})


def b64(data):
    """Base 64 as tokens have it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def by_hand(header, claims, signature=lambda signed: b""):
    """Write a token that no library would."""
    signed = ".".join(b64(json.dumps(part).encode()) for part in (header, claims))
    return f"{signed}.{b64(signature(signed.encode()))}"


def unsigned(header, claims):
    """A token that says it needs no signature."""
    return by_hand({"alg": "none", "typ": "JWT"}, claims)


def signed_with_public_key(header, claims):
    """A token signed with what everybody knows, as if it were a shared secret."""
    public = KEYS["first"].as_pem(private=False)
    return by_hand(
        {"alg": "HS256", "kid": "first"}, claims, lambda text: hmac.digest(public, text, hashlib.sha256)
    )


def signed_with(key, alg="RS256", **more):
    """A signer with another key, algorithm or header."""
    algorithms = ["RS256", "RS384", "PS256", "ES256"]

    def sign(header, claims):
        return jwt.encode({"alg": alg, "kid": key} | more, claims, KEYS[key], algorithms=algorithms)

    return sign


def changed(**over):
    """A signer that changes claims first; None leaves one out."""

    def sign(header, claims):
        kept = {name: value for name, value in (claims | over).items() if value is not None}
        return signed_with("first")(header, kept)

    return sign


class Idp:
    """The service: people with groups, codes and tokens given out, and how it misbehaves."""

    def __init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/realms/ikz"
        self.reset()

    def reset(self):
        """Be honest again and know nobody's codes."""
        self.sign, self.public, self.trouble = signed_with("first"), ["first"], {}
        self.codes, self.refresh, self.asked, self.document, self.release = {}, {}, [], {}, threading.Event()
        self.groups, self.person, self.with_refresh = ["ikz-beratung"], {}, True

    def close(self):
        """Stop serving."""
        self.release.set()
        self.server.shutdown()
        self.server.server_close()

    def log_in(self, url, subject=SUBJECT):
        """What a person does at the service: come with an address, leave with the query of the answer."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked | {"sub": subject}
        return {"code": code, "state": asked["state"]}

    def claims(self, subject, **more):
        """What an honest ID token says."""
        at = int(time.time())
        return {
            "iss": self.issuer, "aud": CLIENT, "sub": subject, "iat": at, "exp": at + 300, "sid": "s-1",
            "groups": self.groups,
        } | self.person | more  # fmt: skip

    def logout_token(self, sign=None, **over):
        """A message that somebody has signed out."""
        at = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 120, "jti": secrets.token_hex(8),
            "events": {LOGOUT_EVENT: {}}, "sub": SUBJECT,
        } | over  # fmt: skip
        kept = {name: value for name, value in claims.items() if value is not None}
        return (sign or signed_with("first", typ="logout+jwt"))({}, kept)

    def answer(self, path, fields, auth):
        """Give (status, object or text) for a request."""
        self.asked.append(path)
        name = path.rpartition("/")[2]
        if name in self.trouble:
            return self.trouble[name](self)
        if name == "openid-configuration":
            return 200, self.description()
        if name == "auth":
            return 200, self.page(fields)
        if name == "certs":
            return 200, {"keys": [KEYS[one].as_dict(private=False) for one in self.public]}
        return self.token(fields, auth) if name == "token" else (404, {})

    def page(self, fields):
        """What a person sees at the service: a page with two ways back."""
        url, back, links = "?" + urlencode(fields), fields["redirect_uri"], []
        for name, subject in (("Anna", SUBJECT), ("Rita", "rita-1")):
            way = f"{back}?{urlencode(self.log_in(url, subject))}"
            links.append(f'<p><a href="{way}">Weiter als {name}</a>')
        return f"<!doctype html><title>Anmelden</title><h1>Anmelden</h1>{''.join(links)}"

    def description(self):
        """What is to be found where."""
        base = self.issuer
        return {
            "issuer": base,
            "authorization_endpoint": f"{base}/auth",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/certs",
        } | self.document

    def token(self, fields, auth):
        """Change a code or a refresh token for tokens."""
        if auth != f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}":
            return 401, {"error": "invalid_client"}
        if fields.get("grant_type") == "refresh_token":
            subject = self.refresh.pop(fields.get("refresh_token"), None)
            return (200, self._tokens(subject)) if subject else (400, {"error": "invalid_grant"})
        asked = self.codes.pop(fields.get("code"), None)
        if asked is None or asked["redirect_uri"] != fields.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        verifier = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
        if b64(verifier) != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        more = {"auth_time": int(time.time())} if "max_age" in asked else {}
        return 200, self._tokens(asked["sub"], nonce=asked["nonce"], **more)

    def _tokens(self, subject, **more):
        access = secrets.token_urlsafe(12)
        at_hash = b64(hashlib.sha256(access.encode()).digest()[:16])
        found = {
            "token_type": "Bearer", "access_token": access,
            "id_token": self.sign({}, self.claims(subject, at_hash=at_hash, **more)),
        }  # fmt: skip
        if self.with_refresh:
            found["refresh_token"] = secrets.token_urlsafe(24)
            self.refresh[found["refresh_token"]] = subject
        return found


def fails(status=500):
    """Answer with an error."""
    return lambda idp: (status, "Internal Server Error")


def says(text):
    """Answer with some text."""
    return lambda idp: (200, text)


def hangs(idp):
    """Do not answer before the test is over."""
    idp.release.wait(20)
    return 200, {}


def leads_away(idp):
    """Send the caller elsewhere."""
    return 302, f"{idp.issuer}/elsewhere"


def _handler(idp):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._reply(dict(parse_qsl(urlsplit(self.path).query)))

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._reply({name: values[0] for name, values in parse_qs(body).items()})

        def _reply(self, fields):
            status, found = idp.answer(urlsplit(self.path).path, fields, self.headers.get("Authorization"))
            body = (found if isinstance(found, str) else json.dumps(found)).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body.decode())
            kind = "text/html; charset=utf-8" if body.startswith(b"<!doctype") else "application/json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    return Handler
