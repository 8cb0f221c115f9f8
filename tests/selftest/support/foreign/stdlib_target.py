"""A target on http.server of Python's standard library (3.9 or newer).

What the contract leaves to it, it does in this way: ids are random strings; a success is a 200 with Content-Length 0; an
unknown id is a 404, a foreign one a 403; statuses are in capitals; a second cancel is a 400;
an administrator may cancel after a failed delivery, too (clause C-11), and needs no body, but one that is sent is held to
the same rule as anybody's; tokens are opaque, issued beforehand and looked up in a table. Answers carry no request-id, errors
no innerError.

It takes the tokens by persona as JSON from the environment variable TARGET_TOKENS and prints `listening on PORT`. From then on
each line that comes in is JSON, `{"fault": null, "leaveOut": []}`: it becomes such a target, without any request, and prints
`ready`. It ends with its input.
"""

import hashlib
import json
import os
import secrets
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COLLECTION = "/beta/identityGovernance/entitlementManagement/accessPackageAssignmentRequests"
CONTROL = "/conformance/v1"
PERMISSION = "EntitlementManagement.ReadWrite.All"
CANCELLABLE = ["ACCEPTED", "PENDINGAPPROVAL", "PENDINGNOTBEFORE", "PENDINGAPPROVALESCALATED"]
OTHERS = ["DELIVERING", "DELIVERED", "DELIVERYFAILED", "PARTIALLYDELIVERED", "DENIED", "CANCELLED"]
OTHERS += ["WAITINGFORCALLBACK", "EXPIRED"]
FAULTS = ["body-id-obeyed", "body-id-unread", "deep-body-fatal", "query-token"]


class Identity:
    """Whom a token stands for."""

    def __init__(self, user, scopes, administrator=False, kind="work", alive=True):
        self.user = user
        self.scopes = scopes
        self.administrator = administrator
        self.kind = kind
        self.alive = alive


PERSONAS = {
    "administrator": Identity("ada", {PERMISSION}, administrator=True),
    "requestor": Identity("rob", {PERMISSION}),
    "otherUser": Identity("oda", {PERMISSION, "User.Read"}),
    "readOnlyAdministrator": Identity("ada", {"EntitlementManagement.Read.All"}, administrator=True),
    "unscopedUser": Identity("ada", {"User.Read"}, administrator=True),
    "similarScopeUser": Identity("ada", {PERMISSION + "OrNot"}, administrator=True),
    "personalAccount": Identity("ada", {PERMISSION}, administrator=True, kind="personal"),
    "application": Identity(None, {PERMISSION}, administrator=True, kind="application"),
    "expired": Identity("ada", {PERMISSION}, administrator=True, alive=False),
}


class Refusal(Exception):
    def __init__(self, status, code, message, **headers):
        super().__init__(message)
        self.status = status
        self.body = {"error": {"code": code, "message": message}}
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def digest(token):
    return hashlib.sha256(token.encode("latin-1", "replace")).hexdigest()


class Store:
    """The requests, and the tokens by their digests."""

    def __init__(self, fault, left_out, tokens):
        self.fault = fault
        self.statuses = [status for status in CANCELLABLE + OTHERS if status not in left_out]
        self.identities = {digest(token): PERSONAS[persona] for persona, token in tokens.items()}
        self.requests = {}
        self.lock = threading.Lock()

    def caller(self, authorization, query):
        scheme, _, token = authorization.partition(" ")
        if self.fault == "query-token" and query.startswith("access_token="):
            scheme, token = "bearer", unquote(query[len("access_token=") :])
        identity = self.identities.get(digest(token.strip())) if scheme.lower() == "bearer" else None
        if identity is None or not identity.alive:
            raise Refusal(401, "Unauthenticated", "No valid token.", WWW_Authenticate='Bearer error="invalid_token"')
        return identity

    def cancel(self, identifier, caller, body):
        if caller.kind == "application":
            raise Refusal(401, "NoUser", "A user is needed.", WWW_Authenticate="Bearer")
        if caller.kind == "personal":
            raise Refusal(400, "AccountNotSupported", "A work or school account is needed.")
        if PERMISSION not in caller.scopes:
            raise Refusal(403, "Forbidden", "The permission is missing.")
        with self.lock:
            request = self.requests.get(identifier)
            if request is None:
                raise Refusal(404, "NotFound", "No such request.")
            if not caller.administrator and request["owner"] != caller.user:
                raise Refusal(403, "CallerNotResourceOwner", "The request is somebody else's.")
            if body or not caller.administrator:
                request = self.named_by(body, identifier, caller)
            allowed = CANCELLABLE + (["DELIVERYFAILED"] if caller.administrator else [])
            if request["status"] not in allowed:
                raise Refusal(400, "WrongStatus", "The status does not allow it.")
            request["status"] = "CANCELLED"

    def named_by(self, body, identifier, caller):
        """The request that path and body agree on."""
        said = self.parse(body)
        if not isinstance(said, dict) or said.get("requestStatus") != "cancelled" or "id" not in said:
            raise Refusal(400, "InvalidModel", "id and requestStatus are needed.")
        if self.fault == "body-id-obeyed" and caller.administrator:
            return self.requests.get(said["id"], self.requests[identifier])
        if said["id"] != identifier and self.fault != "body-id-unread":
            raise Refusal(409, "IdMismatch", "Path and body name different requests.")
        return self.requests[identifier]

    def parse(self, body):
        try:
            return json.loads(body)
        except ValueError:
            raise Refusal(400, "InvalidJson", "The body is no JSON.") from None
        except RecursionError:
            status = 500 if self.fault == "deep-body-fatal" else 400
            raise Refusal(status, "TooDeep", "The body is nested too deeply.") from None

    def control(self, method, path, body):
        """Control protocol 1, without tokens: they are issued elsewhere."""
        if (method, path) == ("GET", "/"):
            return 200, {"protocol": "cancel-conformance-control/1", "statuses": self.statuses, "personas": []}
        if (method, path) == ("POST", "/tokens"):
            raise Refusal(404, "NoTokens", "Tokens are issued elsewhere.")
        if (method, path) == ("POST", "/requests"):
            asked = json.loads(body)
            owner = PERSONAS.get(asked["requestor"])
            if asked["status"].upper() not in self.statuses or owner is None or owner.user is None:
                raise Refusal(422, "CannotArrange", "Such a request cannot be arranged.")
            identifier = secrets.token_urlsafe(12)
            self.requests[identifier] = {"owner": owner.user, "status": asked["status"].upper()}
            return 201, {"id": identifier}
        identifier = unquote(path[len("/requests/") :])
        if not path.startswith("/requests/") or identifier not in self.requests:
            raise Refusal(404, "NotFound", "No such request.")
        if method == "DELETE":
            del self.requests[identifier]
            return 204, None
        return 200, {"id": identifier, "status": self.requests[identifier]["status"]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in one segment; otherwise the second waits for the acknowledgement of the first.
    wbufsize = -1
    store = None

    def read_body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def answer(self):
        body = self.read_body()
        url = urlsplit(self.path)
        try:
            if url.path.startswith(CONTROL + "/"):
                return self.send(*self.store.control(self.command, url.path[len(CONTROL) :], body))
            return self.send(*self.cancel(url, body))
        except Refusal as refusal:
            return self.send(refusal.status, refusal.body, refusal.headers)

    def cancel(self, url, body):
        parts = url.path[len(COLLECTION) :].split("/")
        if not url.path.startswith(COLLECTION + "/") or len(parts) != 3 or parts[2] != "cancel":
            raise Refusal(404, "NotFound", "Nothing is served here.")
        caller = self.store.caller(self.headers.get("Authorization", ""), url.query)
        if self.command != "POST":
            raise Refusal(405, "MethodNotAllowed", "Use POST.", Allow="POST")
        self.store.cancel(unquote(parts[1]), caller, body)
        return 200, None

    def send(self, status, body, headers=None):
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def main():
    tokens = json.loads(os.environ["TARGET_TOKENS"])
    Handler.store = Store(None, [], tokens)
    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print("listening on", server.server_port, flush=True)
        for line in sys.stdin:
            told = json.loads(line)
            if told["fault"] is not None and told["fault"] not in FAULTS:
                sys.exit("no fault " + told["fault"])
            Handler.store = Store(told["fault"], [status.upper() for status in told["leaveOut"]], tokens)
            print("ready", flush=True)
        server.shutdown()


if __name__ == "__main__":
    main()
