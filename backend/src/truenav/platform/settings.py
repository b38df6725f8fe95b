"""Typed settings, read once by an entry point and handed down by argument."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from truenav.core.errors import TruenavError

DEFAULT_PORT = 8432
YAHOO_BASE_URL = "https://query1.finance.yahoo.com"
ECB_BASE_URL = "https://www.ecb.europa.eu"
PROVIDER_ORDER = (
    "csv", "tiingo", "alpaca", "massive", "alpha_vantage", "coingecko", "yahoo",
)  # fmt: skip


# asked for other things than prices: what they need is set in the same way
OTHER_PROVIDERS = ("fred", "openfigi")


class SettingsError(TruenavError):
    """A setting that cannot be used; the message names it."""

    code = "settings_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """One address per role; `admin` creates roles and migrates, nothing else uses it."""

    admin: str | None = None
    app: str | None = None
    worker: str | None = None
    ingest: str | None = None
    migrator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Where the API listens and what it serves."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    is_port_fixed: bool = False
    public_origin: str | None = None
    ui_directory: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """Where market data come from."""

    is_offline: bool = False
    yahoo_base_url: str = YAHOO_BASE_URL
    ecb_base_url: str = ECB_BASE_URL
    # who is asked first; by source, with which key, and where it answers if not as usual
    order: Sequence[str] = PROVIDER_ORDER
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    base_urls: Mapping[str, str] = field(default_factory=dict)
    # how long one request may take, retries and all, where the usual time does not do
    deadlines: Mapping[str, float] = field(default_factory=dict)
    csv_folder: Path | None = None
    # whether URLs that people write may lead to this machine, by http and on any port: for trials
    may_reach_loopback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """Who is told when work is given up; addresses may hold passwords."""

    slack_url: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    mail_to: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a process may know of its surroundings."""

    home: Path
    is_hosted: bool = False
    has_demo: bool = True
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    redis_url: str | None = None
    web: WebSettings = field(default_factory=WebSettings)
    providers: ProviderSettings = field(default_factory=ProviderSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    signing_seed: bytes | None = field(default=None, repr=False)
    # who may read /metrics; there is none without it
    metrics_token: str | None = field(default=None, repr=False)
    # where the API answers other processes of the product; the canary is asked about there
    api_url: str | None = None
    # how many processes work on a queue, by its name; one where nothing is said
    workers: Mapping[str, int] = field(default_factory=dict)
    # Work is due again when nothing says it was done after this long: the job was lost.
    job_lost_after_seconds: int = 45


def default_home(environ: Mapping[str, str]) -> Path:
    """The user's data home; never the repository."""
    if environ.get("TRUENAV_HOME"):
        return Path(environ["TRUENAV_HOME"]).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "truenav"
    base = environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "truenav"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read every setting from the environment.

    Raises:
        SettingsError: a value that cannot be used.
    """
    mode = environ.get("TRUENAV_MODE", "personal")
    if mode not in {"personal", "hosted"}:
        raise SettingsError(f"TRUENAV_MODE is {mode!r}; it is 'personal' or 'hosted'")
    is_hosted = mode == "hosted"
    ui = environ.get("TRUENAV_UI_DIR")
    return Settings(
        home=default_home(environ),
        is_hosted=is_hosted,
        has_demo=_flag(environ, "TRUENAV_DEMO", default=not is_hosted),
        database=DatabaseSettings(
            admin=environ.get("DATABASE_URL"),
            app=environ.get("TRUENAV_APP_DATABASE_URL"),
            worker=environ.get("TRUENAV_WORKER_DATABASE_URL"),
            ingest=environ.get("TRUENAV_INGEST_DATABASE_URL"),
            migrator=environ.get("TRUENAV_MIGRATOR_DATABASE_URL"),
        ),
        redis_url=environ.get("REDIS_URL"),
        web=WebSettings(
            host=environ.get("TRUENAV_HOST", "127.0.0.1"),
            port=_whole(environ, "TRUENAV_PORT", DEFAULT_PORT, 1, 65_535),
            is_port_fixed="TRUENAV_PORT" in environ,
            public_origin=environ.get("TRUENAV_PUBLIC_ORIGIN"),
            ui_directory=Path(ui) if ui else _built_ui(),
        ),
        providers=ProviderSettings(
            is_offline=_flag(environ, "TRUENAV_OFFLINE", default=False),
            yahoo_base_url=environ.get("TRUENAV_YAHOO_BASE_URL", YAHOO_BASE_URL),
            ecb_base_url=environ.get("TRUENAV_ECB_BASE_URL", ECB_BASE_URL),
            order=_order(environ),
            keys=_by_source(environ, "KEY"),
            base_urls=_by_source(environ, "BASE_URL"),
            deadlines={
                name: float(_whole(environ, f"TRUENAV_{name.upper()}_SECONDS", 1, 1, 300))
                for name in _by_source(environ, "SECONDS")
            },
            csv_folder=Path(environ["TRUENAV_CSV_FOLDER"]).expanduser().absolute()
            if environ.get("TRUENAV_CSV_FOLDER")
            else None,
            may_reach_loopback=_loopback(environ, is_hosted=is_hosted),
        ),
        alerts=_alerts(environ),
        workers={
            queue: _whole(environ, f"TRUENAV_{queue.upper()}_WORKERS", 1, 1, 64)
            for queue in ("high", "default", "low")
        },
        signing_seed=_seed(environ),
        api_url=_api_url(environ),
        metrics_token=_metrics_token(environ),
        job_lost_after_seconds=_whole(environ, "TRUENAV_JOB_LOST_SECONDS", 45, 1, 86_400),
    )


def _alerts(environ: Mapping[str, str]) -> AlertSettings:
    smtp_url = environ.get("TRUENAV_SMTP_URL") or None
    if smtp_url is not None and urlsplit(smtp_url).scheme not in {"smtp", "smtps"}:
        raise SettingsError("TRUENAV_SMTP_URL begins with smtp:// or smtps://")
    slack_url = environ.get("TRUENAV_ALERT_SLACK_URL") or None
    if slack_url is not None and urlsplit(slack_url).scheme not in {"http", "https"}:
        raise SettingsError("TRUENAV_ALERT_SLACK_URL is no web address")
    recipients = environ.get("TRUENAV_ALERT_MAIL_TO", "").split(",")
    return AlertSettings(
        slack_url=slack_url,
        smtp_url=smtp_url,
        mail_from=environ.get("TRUENAV_MAIL_FROM") or None,
        mail_to=tuple(one.strip() for one in recipients if one.strip()),
    )


def _flag(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environ.get(name)
    if value is None:
        return default
    if value not in {"0", "1"}:
        raise SettingsError(f"{name} is {value!r}; it is 0 or 1")
    return value == "1"


def _loopback(environ: Mapping[str, str], *, is_hosted: bool) -> bool:
    """Whether people's URLs may lead to this machine; never where strangers are people."""
    is_asked = _flag(environ, "TRUENAV_OUTBOUND_LOOPBACK", default=False)
    if is_asked and is_hosted:
        raise SettingsError("TRUENAV_OUTBOUND_LOOPBACK is not for a hosted installation")
    return is_asked


def _order(environ: Mapping[str, str]) -> Sequence[str]:
    """Which providers of prices are asked, first to last; those not named are not asked."""
    told = environ.get("TRUENAV_PROVIDERS")
    if told is None:
        return PROVIDER_ORDER
    order = [name.strip() for name in told.split(",") if name.strip()]
    unknown = sorted(set(order) - set(PROVIDER_ORDER))
    if unknown:
        raise SettingsError(
            f"TRUENAV_PROVIDERS names {', '.join(unknown)}; there are {', '.join(PROVIDER_ORDER)}"
        )
    return order


def _by_source(environ: Mapping[str, str], what: str) -> dict[str, str]:
    """TRUENAV_TIINGO_KEY and the like, by source."""
    told = (
        (name, environ.get(f"TRUENAV_{name.upper()}_{what}"))
        for name in (*PROVIDER_ORDER, *OTHER_PROVIDERS)
    )
    return {name: value for name, value in told if value}


def _whole(environ: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    value = environ.get(name, str(usual))
    is_whole = value.isascii() and value.isdigit() and len(value) <= len(str(most))
    if not is_whole or not least <= int(value) <= most:
        raise SettingsError(f"{name} is {value!r}; it is a number from {least} to {most}")
    return int(value)


def _seed(environ: Mapping[str, str]) -> bytes | None:
    value = environ.get("TRUENAV_SIGNING_KEY")
    if value is None:
        return None
    try:
        seed = bytes.fromhex(value)
    except ValueError:
        seed = b""
    if len(seed) != 32:
        raise SettingsError("TRUENAV_SIGNING_KEY is not an Ed25519 seed: 64 hexadecimal digits")
    return seed


def _api_url(environ: Mapping[str, str]) -> str | None:
    value = environ.get("TRUENAV_API_URL") or None
    if value is not None and urlsplit(value).scheme not in {"http", "https"}:
        raise SettingsError("TRUENAV_API_URL is no web address")
    return value.rstrip("/") if value is not None else None


def _metrics_token(environ: Mapping[str, str]) -> str | None:
    token = environ.get("TRUENAV_METRICS_TOKEN")
    if token is not None and (len(token) < 16 or not token.isascii()):
        raise SettingsError("TRUENAV_METRICS_TOKEN is too short: 16 plain characters at least")
    return token


def _built_ui() -> Path | None:
    """The built user interface of a checkout, if this runs from one."""
    for parent in Path(__file__).resolve().parents:
        if (parent / "frontend" / "package.json").is_file():
            return parent / "frontend" / "dist"
    return None
