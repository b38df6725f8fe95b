"""Access tokens: only ours, only now, only for this."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from truenav.core.ids import TenantId, UserId
from truenav.platform.tokens import ACCESS_LIFETIME, Identity, TokenSigner, Unauthenticated

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
SEED = bytes(range(32))
KEY = Ed25519PrivateKey.from_private_bytes(SEED)
SOMEBODY = Identity(UserId(uuid4()), TenantId(uuid4()), "owner")


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, unverified."""
    return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})


def forge(header: dict[str, Any], claims: dict[str, Any], **changes: Any) -> str:
    """A token with our key, but with other claims or another header."""
    drop = {name for name, value in changes.items() if value is None}
    header = {k: changes.get(f"header_{k}", v) for k, v in header.items()}
    claims = {**claims, **{k: v for k, v in changes.items() if not k.startswith("header_")}}
    claims = {k: v for k, v in claims.items() if k not in drop}
    return jwt.encode(claims, KEY, "EdDSA", {k: v for k, v in header.items() if v is not None})


def unsigned(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    """Three parts put together by hand."""
    texts = [json.dumps(part).encode() for part in (header, claims)]
    coded = [base64.urlsafe_b64encode(text).rstrip(b"=") for text in (*texts, signature)]
    return b".".join(coded).decode()


@pytest.fixture
def signer() -> TokenSigner:
    return TokenSigner(SEED)


@pytest.fixture
def token(signer: TokenSigner) -> str:
    return signer.sign(SOMEBODY, uuid4(), NOW)[0]


def test_a_token_speaks_for_who_it_was_made_for(signer: TokenSigner, token: str) -> None:
    header, claims = parts(token)

    assert signer.check(token, NOW) == SOMEBODY
    assert (header["alg"], header["typ"]) == ("EdDSA", "at+jwt")
    assert claims["exp"] - claims["iat"] == ACCESS_LIFETIME.total_seconds() == 600


def test_it_ends_after_ten_minutes(signer: TokenSigner, token: str) -> None:
    last = NOW + ACCESS_LIFETIME - timedelta(seconds=1)

    assert signer.check(token, last) == SOMEBODY
    with pytest.raises(Unauthenticated):
        signer.check(token, last + timedelta(seconds=1))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another-api"},
        {"iss": "somebody"},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"aud": None},
        {"iss": None},
        {"jti": None},
        {"tenant": None},
        {"role": None},
        {"role": "admin"},
        {"sub": "not-an-id"},
        {"tenant": "not-an-id"},
        {"exp": "never"},
        {"exp": 10**30},
        {"header_typ": "JWT"},
        {"header_typ": None},
        {"header_kid": "../../etc/passwd"},
        {"header_kid": None},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_part_is_none(
    signer: TokenSigner, token: str, changes: dict[str, Any]
) -> None:
    forged = forge(*parts(token), **changes)

    with pytest.raises(Unauthenticated):
        signer.check(forged, NOW)


def test_the_forge_itself_makes_good_tokens(signer: TokenSigner, token: str) -> None:
    assert signer.check(forge(*parts(token)), NOW) == SOMEBODY


def test_other_algorithms_and_keys_are_refused(signer: TokenSigner, token: str) -> None:
    header, claims = parts(token)
    public = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    stranger = Ed25519PrivateKey.generate()
    forged = [
        unsigned({**header, "alg": "none"}, claims),
        unsigned({**header, "alg": "None"}, claims, b"x"),
        jwt.encode(claims, public, "HS256", {"kid": header["kid"], "typ": "at+jwt"}),
        jwt.encode(claims, stranger, "EdDSA", {"kid": header["kid"], "typ": "at+jwt"}),
        token[:-4] + "AAAA",
        token.rpartition(".")[0] + ".",
        token + "x",
        f"{token}.{token}",
    ]

    for attempt in forged:
        with pytest.raises(Unauthenticated):
            signer.check(attempt, NOW)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "...", "a.b.c", "é.é.é", "\x00", "a" * 100_000, "\ud800.a.b"], ids=ascii
)
def test_text_that_is_no_token_is_refused(signer: TokenSigner, text: str) -> None:
    with pytest.raises(Unauthenticated):
        signer.check(text, NOW)


def test_who_may_write() -> None:
    roles = {
        role: Identity(SOMEBODY.user_id, SOMEBODY.tenant_id, role).may_write
        for role in ("owner", "editor", "viewer")
    }

    assert roles == {"owner": True, "editor": True, "viewer": False}
