import socket


def attack():
    for family, kind, protocol in (
        (17, socket.SOCK_RAW, 0x0300),
        (17, socket.SOCK_DGRAM, 0x0300),
        (17 - 2**32, socket.SOCK_RAW, 0x0300),
        (socket.AF_INET, 10, 0x0300),  # SOCK_PACKET
        (socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP),
        (socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
        (socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_TCP),
    ):
        try:
            socket.socket(family, kind, protocol)
            print("@SUCCESS@ has a raw socket", family, kind, protocol)
        except (OSError, OverflowError):
            pass
