"""For those who watch the machine: is the program ready, and how does it fare?"""

from ipaddress import ip_address

from flask import Blueprint, Response, abort, current_app, jsonify, request

from crm.access import open_to_all
from crm.operations import figures, readiness

monitoring = Blueprint("monitoring", __name__)


def _watches():
    """Tell whether the request comes from an address that may know details."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return any(address in network for network in current_app.config["MONITORING_FROM"])


@monitoring.route("/readyz")
@open_to_all
def readyz():
    """Say whether work can go on; how each thing stands is for monitoring only."""
    found = readiness.checks(current_app._get_current_object())
    status = 200 if all(one.ok for one in found) else 503
    if not _watches():
        return Response("ready\n" if status == 200 else "not ready\n", status=status, mimetype="text/plain")
    checks = {one.name: {"ok": one.ok, "said": one.said} for one in found}
    return jsonify(ready=status == 200, checks=checks), status


@monitoring.route("/metrics")
@open_to_all
def metrics():
    """Give the figures to monitoring; for all others there is no such page."""
    if not _watches():
        abort(404)
    return Response(figures.text(current_app._get_current_object()), mimetype="text/plain; version=0.0.4")
