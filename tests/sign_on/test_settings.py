"""A setting that would not work or not be safe stops the start with a German sentence."""

import pytest

from config import ConfigError, Production

GOOD = {
    "SECRET_KEY": "x" * 40,
    "OIDC_ISSUER": "https://login.example.de/realms/ikz",
    "OIDC_CLIENT_ID": "ikz",
    "OIDC_CLIENT_SECRET": "geheim-und-lang",
}
WRONG = {
    "issuer without https": ({"OIDC_ISSUER": "http://login.example.de"}, "mit https://"),
    "issuer without host": ({"OIDC_ISSUER": "https://"}, "OIDC_ISSUER"),
    "issuer with a question mark": ({"OIDC_ISSUER": "https://login.example.de/?x=1"}, "OIDC_ISSUER"),
    "issuer with a name": ({"OIDC_ISSUER": "https://a:b@login.example.de/"}, "OIDC_ISSUER"),
    "no client": ({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID fehlt"),
    "no secret": ({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET fehlt"),
    "unknown role": ({"OIDC_ROLES": "ikz=chefin"}, "Rollen sind reader, adviser"),
    "no pair": ({"OIDC_ROLES": "adviser"}, "Paare wie ikz-beratung=adviser"),
    "new accounts without roles": ({"OIDC_CREATE": "on"}, "OIDC_ROLES fehlt"),
    "neither on nor off": ({"OIDC_CREATE": "ja"}, "nötig ist on oder off"),
    "no such file": ({"OIDC_CA_FILE": "/gibt/es/nicht.pem"}, "Diese Datei gibt es nicht"),
    "scope without openid": ({"OIDC_SCOPE": "profile"}, "mit dem Wort openid"),
    "two secrets": ({"OIDC_CLIENT_SECRET_FILE": "/x"}, "Nötig ist nur eines"),
}


def test_off_by_default():
    assert Production({"SECRET_KEY": "x" * 40}).OIDC is None


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_stops_the_start(name):
    over, sentence = WRONG[name]
    Production(GOOD)
    with pytest.raises(ConfigError, match=sentence):
        Production(GOOD | over)


def test_what_is_set_is_taken():
    settings = Production(
        GOOD | {"OIDC_ROLES": "a=adviser, b=manager,a=reader,", "OIDC_CREATE": "on", "OIDC_LABEL": " Land "}
    ).OIDC
    assert settings.roles == {"a": {"adviser", "reader"}, "b": {"manager"}}
    assert (settings.create, settings.label, settings.groups_claim) == (True, "Land", "groups")
    assert "geheim" not in repr(settings)
    assert Production(GOOD | {"OIDC_ISSUER": "http://127.0.0.1:8080/realms/ikz"}).OIDC


def test_the_secret_may_lie_in_a_file_that_nobody_else_reads(tmp_path):
    file = tmp_path / "oidc-secret"
    file.write_text("aus-der-datei\n")
    environ = GOOD | {"OIDC_CLIENT_SECRET": "", "OIDC_CLIENT_SECRET_FILE": str(file)}
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="für andere lesbar"):
        Production(environ)
    file.chmod(0o600)
    assert Production(environ).OIDC.client_secret == "aus-der-datei"
