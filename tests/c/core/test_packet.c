/*
 * test_packet.c - frames are taken apart as far as they go, and no further
 */
#include "core/packet.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { ETHERNET = 14, MOST_FRAME = 256 };

/* A frame to be made; what is 0 is left at its usual value. */
struct shape {
    bool ipv6;
    int ip_options;  /* bytes */
    int tcp_options; /* bytes */
    int payload;     /* bytes, 'a', 'b', ... */
    int padding;     /* bytes after the IP packet */
    int type;        /* of the frame */
    int protocol;
    int fragment; /* the 16 bits of flags and offset */
    int total;    /* the length that the IP header tells */
    int header;   /* the length that the TCP header tells, in words */
    int version;
};

static unsigned char *
put16(unsigned char *at, int value)
{
    *at++ = (unsigned char)(value >> 8);
    *at++ = (unsigned char)value;
    return at;
}

static unsigned char *
put_ipv4(unsigned char *at, const struct shape *shape, int rest)
{
    int header = 20 + shape->ip_options;
    unsigned char *start = at;

    *at++ = (unsigned char)((shape->version ? shape->version : 4) << 4 |
                            header / 4);
    *at++ = 0;
    at = put16(at, shape->total ? shape->total : header + rest);
    at = put16(at, 1);
    at = put16(at, shape->fragment);
    *at++ = 64;
    *at++ = (unsigned char)(shape->protocol ? shape->protocol : 6);
    at = put16(at, 0);
    memcpy(at, "\x0a\x00\x00\x01\x0a\x00\x00\x02", 8);
    memset(at + 8, 1, (size_t)shape->ip_options);
    return start + header;
}

static unsigned char *
put_ipv6(unsigned char *at, const struct shape *shape, int rest)
{
    *at++ = (unsigned char)((shape->version ? shape->version : 6) << 4);
    memset(at, 0, 3);
    at = put16(at + 3, shape->total ? shape->total : rest);
    *at++ = (unsigned char)(shape->protocol ? shape->protocol : 6);
    *at++ = 64;
    for (int i = 0; i < 32; i++)
        *at++ = (unsigned char)(i < 16 ? 0x20 : 0x30);
    return at;
}

static unsigned char *
put_tcp(unsigned char *at, const struct shape *shape)
{
    int words = shape->header ? shape->header : 5 + shape->tcp_options / 4;

    at = put16(put16(at, 40000), 12000);
    memcpy(at, "\x80\x00\x00\x01\xff\xff\xff\xfe", 8);
    at[8] = (unsigned char)(words << 4);
    at[9] = PACKET_PSH | PACKET_ACK;
    memset(at + 10, 0, 6);
    memset(at + 16, 1, (size_t)shape->tcp_options);
    return at + 16 + shape->tcp_options;
}

static size_t
build(unsigned char *frame, const struct shape *shape)
{
    unsigned char *at = frame + 12;
    int rest = 20 + shape->tcp_options + shape->payload;
    int usual = shape->ipv6 ? 0x86dd : 0x0800;

    memset(frame, 0xee, MOST_FRAME);
    at = put16(at, shape->type ? shape->type : usual);
    at = shape->ipv6 ? put_ipv6(at, shape, rest) : put_ipv4(at, shape, rest);
    at = put_tcp(at, shape);
    for (int i = 0; i < shape->payload; i++)
        *at++ = (unsigned char)('a' + i % 26);
    memset(at, 0, (size_t)shape->padding);
    return (size_t)(at - frame) + (size_t)shape->padding;
}

/* Parses from the heap, so that a sanitizer guards the edge. */
static enum packet_result
parse(const unsigned char *bytes, size_t size, struct packet *out, char *text)
{
    unsigned char *frame = malloc(size ? size : 1);
    memcpy(frame, bytes, size);
    enum packet_result result = packet_parse(frame, size, out);

    if (result == PACKET_TCP && out->captured > 0) {
        ck_assert(out->payload >= frame);
        ck_assert(out->payload + out->captured <= frame + size);
        memcpy(text, out->payload, out->captured);
    }
    if (result == PACKET_TCP)
        text[out->captured] = '\0';
    free(frame);
    return result;
}

static const struct {
    struct shape shape;
    size_t length; /* of the payload */
} good[] = {
    {{0}, 0},
    {{.payload = 5}, 5},
    {{.payload = 5, .tcp_options = 12}, 5},
    {{.payload = 5, .tcp_options = 40}, 5},
    {{.payload = 5, .ip_options = 40}, 5},
    {{.payload = 5, .ip_options = 4, .tcp_options = 4}, 5},
    {{.payload = 1, .padding = 5}, 1},
    {{.padding = 6}, 0},
    {{.payload = 5, .fragment = 0x4000}, 5}, /* do not fragment */
    {{.payload = 5, .fragment = 0x2000}, 5}, /* the first of several */
    {{.payload = 5, .ipv6 = true}, 5},
    {{.payload = 5, .ipv6 = true, .tcp_options = 12, .padding = 3}, 5},
    {{.ipv6 = true}, 0},
};

START_TEST(a_segment_is_taken_apart)
{
    unsigned char frame[MOST_FRAME];
    char text[MOST_FRAME];
    struct packet packet;
    size_t size = build(frame, &good[_i].shape);

    ck_assert_int_eq(parse(frame, size, &packet, text), PACKET_TCP);
    ck_assert_uint_eq(packet.length, good[_i].length);
    ck_assert_uint_eq(packet.captured, good[_i].length);
    ck_assert_uint_eq(strlen(text), good[_i].length);
    ck_assert_int_eq(strncmp(text, "abcde", good[_i].length), 0);
    ck_assert_int_eq(packet.payload == NULL, good[_i].length == 0);
    ck_assert_uint_eq(packet.source_port, 40000);
    ck_assert_uint_eq(packet.target_port, 12000);
    ck_assert_uint_eq(packet.sequence, 0x80000001u);
    ck_assert_uint_eq(packet.acknowledged, 0xfffffffeu);
    ck_assert_uint_eq(packet.flags, PACKET_PSH | PACKET_ACK);
    ck_assert_int_eq(packet.ipv6, good[_i].shape.ipv6);
    ck_assert_uint_eq(packet.source[0], packet.ipv6 ? 0x20 : 10);
    ck_assert_uint_eq(packet.target[3], packet.ipv6 ? 0x30 : 2);
}
END_TEST

START_TEST(a_segment_that_the_capture_cut_keeps_its_length)
{
    unsigned char frame[MOST_FRAME];
    char text[MOST_FRAME];
    const struct shape *shape = &good[_i].shape;
    size_t size = build(frame, shape);
    size_t headers = ETHERNET + (shape->ipv6 ? 40u : 20u) + 20 +
                     (size_t)shape->ip_options + (size_t)shape->tcp_options;

    for (size_t cut = 0; cut < size; cut++) {
        struct packet packet = {.length = 4242};
        enum packet_result result = parse(frame, cut, &packet, text);
        size_t there = cut > headers ? cut - headers : 0;

        if (cut < headers - (size_t)shape->tcp_options) {
            ck_assert_int_eq(result, PACKET_OTHER);
            ck_assert_uint_eq(packet.length, 4242); /* untouched */
            continue;
        }
        ck_assert_int_eq(result, PACKET_TCP);
        ck_assert_uint_eq(packet.length, good[_i].length);
        ck_assert_uint_eq(packet.captured,
                          there < good[_i].length ? there : good[_i].length);
    }
}
END_TEST

static const struct shape others[] = {
    {.type = 0x0806},               /* ARP */
    {.type = 0x8100},               /* a VLAN tag */
    {.type = 0x05dc},               /* IEEE 802.3 */
    {.type = 0x86dd},               /* IPv4 called IPv6 */
    {.type = 0x0800, .ipv6 = true}, /* IPv6 called IPv4 */
    {.protocol = 17},               /* UDP */
    {.protocol = 17, .ipv6 = true}, /* UDP */
    {.protocol = 44, .ipv6 = true}, /* an IPv6 fragment */
    {.version = 5},                 /* no IP that we know */
    {.version = 4, .ipv6 = true},   /* the same */
    {.fragment = 0x0001},           /* a later fragment */
    {.fragment = 0x3fff},           /* a later fragment, more to come */
    {.total = 19},                  /* shorter than its own header */
    {.total = 24, .ip_options = 8}, /* the same, with options */
    {.total = 39},                  /* no room for a TCP header */
    {.total = 19, .ipv6 = true},    /* the same */
    {.header = 4},                  /* a TCP header that is too short */
    {.header = 6},                  /* longer than the packet */
    {.header = 15, .payload = 39},  /* the same by a byte */
    {.header = 15, .payload = 39, .ipv6 = true},
    {.ip_options = -4}, /* an IP header that is too short */
};

START_TEST(a_frame_that_is_no_segment_is_refused)
{
    unsigned char frame[MOST_FRAME];
    char text[MOST_FRAME];
    struct packet packet = {.length = 4242};
    struct shape shape = others[_i];
    bool short_header = shape.ip_options < 0;

    if (short_header)
        shape.ip_options = 0;
    size_t size = build(frame, &shape);
    if (short_header)
        frame[ETHERNET] = 0x44;
    ck_assert_int_eq(parse(frame, size, &packet, text), PACKET_OTHER);
    ck_assert_uint_eq(packet.length, 4242);
}
END_TEST

START_TEST(no_changed_byte_leads_out_of_the_frame)
{
    unsigned char frame[MOST_FRAME];
    char text[MOST_FRAME];
    struct packet packet;
    size_t size = build(frame, &good[_i].shape);

    for (size_t at = ETHERNET - 2; at < size; at++) {
        unsigned char was = frame[at];
        for (int byte = 0; byte < 256; byte++) {
            frame[at] = (unsigned char)byte;
            if (parse(frame, size, &packet, text) == PACKET_TCP)
                ck_assert_uint_le(packet.captured, packet.length);
        }
        frame[at] = was;
    }
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

int
main(void)
{
    Suite *suite = suite_create("packet");
    TCase *frames = tcase_create("frames");

    tcase_add_loop_test(frames, a_segment_is_taken_apart, 0, COUNT(good));
    tcase_add_loop_test(frames, a_segment_that_the_capture_cut_keeps_its_length,
                        0, COUNT(good));
    tcase_add_loop_test(frames, a_frame_that_is_no_segment_is_refused, 0,
                        COUNT(others));
    tcase_add_loop_test(frames, no_changed_byte_leads_out_of_the_frame, 0,
                        COUNT(good));
    suite_add_tcase(suite, frames);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
