"""Signing in by OpenID Connect: a service says who somebody is and to which groups they belong."""
