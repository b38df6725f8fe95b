"""One text frame of a WebSocket: a JSON list of messages, written straight to the transport."""


def text_frame(messages: list[bytes]) -> bytes:
    """An unmasked, final text frame (RFC 6455 5.2) of a list of JSON objects."""
    body = b"[%b]" % b",".join(messages)
    size = len(body)
    if size < 126:
        return b"\x81%c%b" % (size, body)
    if size < 65_536:
        return b"\x81\x7e%b%b" % (size.to_bytes(2, "big"), body)
    return b"\x81\x7f%b%b" % (size.to_bytes(8, "big"), body)
