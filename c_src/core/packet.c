/* packet.c - take an Ethernet frame apart as far as TCP */
#include "core/packet.h"

#include <string.h>

enum {
    ETHERNET_HEADER = 14,
    IPV4_HEADER = 20,
    IPV6_HEADER = 40,
    TCP_HEADER = 20,
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    PROTOCOL_TCP = 6
};

static unsigned
be16(const unsigned char *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static uint32_t
be32(const unsigned char *p)
{
    return (uint32_t)be16(p) << 16 | be16(p + 2);
}

/* Each reads one IP header; returns its size and sets the size of what
 * follows it, or returns 0 where the frame is not for us. */
static size_t
parse_ipv4(const unsigned char *ip, size_t size, struct packet *out,
           size_t *rest)
{
    if (size < IPV4_HEADER || ip[0] >> 4 != 4 || ip[9] != PROTOCOL_TCP)
        return 0;
    size_t header = (size_t)(ip[0] & 15) * 4;
    size_t total = be16(ip + 2);
    bool later_fragment = (be16(ip + 6) & 0x1fff) != 0;
    if (header < IPV4_HEADER || total < header || later_fragment)
        return 0;
    out->ipv6 = false;
    memcpy(out->source, ip + 12, 4);
    memcpy(out->target, ip + 16, 4);
    *rest = total - header;
    return header;
}

static size_t
parse_ipv6(const unsigned char *ip, size_t size, struct packet *out,
           size_t *rest)
{
    if (size < IPV6_HEADER || ip[0] >> 4 != 6 || ip[6] != PROTOCOL_TCP)
        return 0;
    out->ipv6 = true;
    memcpy(out->source, ip + 8, 16);
    memcpy(out->target, ip + 24, 16);
    *rest = be16(ip + 4);
    return IPV6_HEADER;
}

static bool
parse_tcp(const unsigned char *tcp, size_t size, size_t on_wire,
          struct packet *out)
{
    if (size < TCP_HEADER)
        return false;
    size_t header = (size_t)(tcp[12] >> 4) * 4;
    if (header < TCP_HEADER || header > on_wire)
        return false;
    out->source_port = (uint16_t)be16(tcp);
    out->target_port = (uint16_t)be16(tcp + 2);
    out->sequence = be32(tcp + 4);
    out->acknowledged = be32(tcp + 8);
    out->flags = tcp[13];
    out->length = on_wire - header;
    out->captured = size > header ? size - header : 0;
    if (out->captured > out->length)
        out->captured = out->length; /* Ethernet pads short frames */
    out->payload = out->captured > 0 ? tcp + header : NULL;
    return true;
}

enum packet_result
packet_parse(const unsigned char *frame, size_t size, struct packet *out)
{
    if (size < ETHERNET_HEADER)
        return PACKET_OTHER;
    const unsigned char *ip = frame + ETHERNET_HEADER;
    size_t left = size - ETHERNET_HEADER;
    struct packet packet = {0};
    size_t header = 0, rest = 0;
    switch (be16(frame + 12)) {
    case TYPE_IPV4:
        header = parse_ipv4(ip, left, &packet, &rest);
        break;
    case TYPE_IPV6:
        header = parse_ipv6(ip, left, &packet, &rest);
        break;
    default:
        break;
    }
    if (header == 0 || header > left)
        return PACKET_OTHER;
    if (!parse_tcp(ip + header, left - header, rest, &packet))
        return PACKET_OTHER;
    *out = packet;
    return PACKET_TCP;
}
