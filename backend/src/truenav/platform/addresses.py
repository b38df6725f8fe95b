"""Which addresses a URL that a person wrote may lead to: public ones, however they are written.

The tables are the IANA registries of special-purpose addresses (RFC 6890 and its updates), written
out: the standard library's own answer differs between its releases.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
# What is not somebody's host on the internet: own networks, shared, test, multicast, reserved.
SPECIAL_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # public by number, a cloud's own service to its machines by use
    )
)  # fmt: skip
# IPv6 hosts are in 2000::/3; of that, protocol assignments (Teredo is one), documentation, 6to4.
GLOBAL_6 = IPv6Network("2000::/3")
SPECIAL_6 = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
# The one translation prefix of RFC 6052 that means the same everywhere: an IPv4 address is in it.
NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Whether an address is a host on the internet, by every reading of it.

    IPv4 addresses inside of IPv6 ones (mapped, compatible, 6to4, Teredo) are refused as such; of
    the well-known translation prefix, the address that is meant decides.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in SPECIAL_4)
    if address.scope_id is not None:
        return False
    if address in NAT64:
        return is_public(IPv4Address(address.packed[-4:]))
    return address in GLOBAL_6 and not any(address in network for network in SPECIAL_6)


def is_loopback(address: Address) -> bool:
    """Whether it is this machine, in its plain spelling."""
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None


def read_address(text: str) -> Address | None:
    """An address as a resolver tells it, or None."""
    try:
        return ip_address(text)
    except ValueError:
        return None
