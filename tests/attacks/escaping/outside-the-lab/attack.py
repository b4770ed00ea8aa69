import socket


def attack():
    places = ["127.0.0.1", "10.0.0.254", "192.0.2.1", "::1"]
    with open("/proc/net/route") as file:
        for line in file.read().splitlines()[1:]:
            gateway = bytes.fromhex(line.split()[2])[::-1]
            places.append(socket.inet_ntoa(gateway))
    for place in places:
        reach(socket.AF_INET6 if ":" in place else socket.AF_INET,
              (place, int("@PORT@")))  # fmt: skip
    for name in ("\0@ABSTRACT@", "@UNIX@", "/run/docker.sock", "/var/run/docker.sock",
                 "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket",
                 "/tmp/.X11-unix/X0", "/run/systemd/private"):  # fmt: skip
        reach(socket.AF_UNIX, name)


def reach(family, address):
    """A default route may lead nowhere: no answer is waited for."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        if family == socket.AF_UNIX and kind == socket.SOCK_DGRAM:
            continue
        one = socket.socket(family, kind)
        one.settimeout(0.2)
        try:
            one.connect(address)
            one.send(b"@SUCCESS@")
            if family == socket.AF_UNIX:
                print("@SUCCESS@ connected to", repr(address))
        except OSError:
            pass
        finally:
            one.close()
