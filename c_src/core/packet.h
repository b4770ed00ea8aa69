/* packet.h - take an Ethernet frame apart as far as TCP
 *
 * Formats: Ethernet II, IPv4 (RFC 791), IPv6 (RFC 8200, without extension
 * headers), TCP (RFC 9293). A frame that was cut short by the capture is read
 * as far as it goes; lengths are those of the headers.
 */
#ifndef CORE_PACKET_H
#define CORE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum packet_result {
    PACKET_TCP,
    PACKET_OTHER /* anything else, or a header that makes no sense */
};

enum packet_flag {
    PACKET_FIN = 0x01,
    PACKET_SYN = 0x02,
    PACKET_RST = 0x04,
    PACKET_PSH = 0x08,
    PACKET_ACK = 0x10
};

struct packet {
    bool ipv6;
    unsigned char source[16]; /* IPv4 uses the first four bytes */
    unsigned char target[16];
    uint16_t source_port;
    uint16_t target_port;
    uint32_t sequence;
    uint32_t acknowledged;
    unsigned flags;               /* of enum packet_flag */
    size_t length;                /* bytes of payload on the wire */
    const unsigned char *payload; /* into the frame; NULL when empty */
    size_t captured;              /* bytes of payload in the frame */
};

/* Reads `size` captured bytes of a frame; `out` points into it. */
enum packet_result packet_parse(const unsigned char *frame, size_t size,
                                struct packet *out);

#endif
