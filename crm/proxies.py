"""What stands in forwarding headers counts only when a known proxy sent them."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix


class TrustedProxies:
    """Take client, scheme and host from exactly TRUSTED_PROXIES hops, if the peer is one of PROXY_ADDRESSES.

    A peer without address came through a socket file, which only the proxy may open. The path is never taken
    from a header: it is the one of BASE_URL.
    """

    def __init__(self, inner: Any, settings: Mapping[str, Any]):
        hops = settings["TRUSTED_PROXIES"]
        self.inner, self.networks = inner, settings["PROXY_ADDRESSES"]
        self.fixed = ProxyFix(inner, x_for=hops, x_proto=hops, x_host=hops)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Pass a request on, its headers believed or not."""
        chosen = self.fixed if self._is_proxy(environ.get("REMOTE_ADDR", "")) else self.inner
        answer: Iterable[bytes] = chosen(environ, start_response)
        return answer

    def _is_proxy(self, peer: str) -> bool:
        try:
            return not peer or any(ip_address(peer) in network for network in self.networks)
        except ValueError:
            return False
