"""Access tokens: EdDSA, ten minutes, every claim required."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.ids import TenantId, UserId

ISSUER = "truenav"
AUDIENCE = "truenav-api"
ACCESS_LIFETIME = timedelta(minutes=10)
ROLES = ("owner", "editor", "viewer")


class Unauthenticated(TruenavError):
    """No token, or one that is expired, forged or of another make."""

    kind = ErrorKind.UNAUTHENTICATED
    code = "unauthenticated"


class Forbidden(TruenavError):
    """Known, but not allowed."""

    kind = ErrorKind.FORBIDDEN
    code = "forbidden"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, as whom, and by which session: what outlives the request ends with it."""

    user_id: UserId
    tenant_id: TenantId
    role: str
    session_id: UUID | None = None

    @property
    def may_write(self) -> bool:
        """Viewers look."""
        return self.role in {"owner", "editor"}


class TokenSigner:
    """Signs and checks access tokens with one Ed25519 key, named by its `kid`."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._private.public_key()
        raw = self._public.public_bytes_raw()
        self._key_id = base64.urlsafe_b64encode(raw[:9]).decode()

    def sign(self, identity: Identity, token_id: UUID, now: datetime) -> tuple[str, datetime]:
        """Return (token, when it expires)."""
        expires_at = (now + ACCESS_LIFETIME).replace(microsecond=0)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(identity.user_id),
            "tenant": str(identity.tenant_id),
            "role": identity.role,
            "jti": str(token_id),
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        if identity.session_id is not None:
            claims["sid"] = str(identity.session_id)
        headers = {"kid": self._key_id, "typ": "at+jwt"}
        return jwt.encode(claims, self._private, "EdDSA", headers), expires_at

    def check(self, token: str, now: datetime) -> Identity:
        """Who the token speaks for.

        Raises:
            Unauthenticated: for whatever reason; the reason is not told.
        """
        try:
            header = jwt.get_unverified_header(token)
            if header.get("kid") != self._key_id or header.get("typ") != "at+jwt":
                raise Unauthenticated("the access token is not valid")
            claims = jwt.decode(
                token,
                self._public,
                algorithms=["EdDSA"],
                audience=AUDIENCE,
                issuer=ISSUER,
                # the clock is an argument, so expiry is checked below
                options={
                    "require": ["exp", "iat", "iss", "aud", "sub", "jti"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
            if datetime.fromtimestamp(claims["exp"], UTC) <= now or claims["role"] not in ROLES:
                raise Unauthenticated("the access token has expired")
            user_id, tenant_id = UUID(claims["sub"]), UUID(claims["tenant"])
            session_id = UUID(claims["sid"]) if "sid" in claims else None
        except (
            jwt.PyJWTError,
            KeyError,
            ValueError,
            TypeError,
            OverflowError,
        ) as error:
            raise Unauthenticated("the access token is not valid") from error
        return Identity(UserId(user_id), TenantId(tenant_id), claims["role"], session_id)
