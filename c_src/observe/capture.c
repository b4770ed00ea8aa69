/* capture.c - TCP segments that pass an interface, through libpcap */
#include "observe/capture.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SNAPSHOT = 2048,     /* an Ethernet frame; the ring has as many places as
                            such snapshots fit into it */
    RING_SIZE = 2 << 20, /* bytes that the kernel keeps for us */
    RECORD_HEADER = 16,  /* bytes of the file before each segment */
    NANOSECONDS = 1000000000
};

struct capture {
    pcap_t *pcap;
    pcap_dumper_t *file;
    size_t room;              /* bytes that the file may still grow by */
    capture_handler *handler; /* during capture_drain() only */
    void *context;
};

static int
activate(pcap_t *pcap, char *error)
{
    pcap_set_snaplen(pcap, SNAPSHOT);
    pcap_set_promisc(pcap, 0);
    pcap_set_immediate_mode(pcap, 1); /* a segment is there when it is there */
    pcap_set_buffer_size(pcap, RING_SIZE);
    pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
    if (pcap_activate(pcap) < 0) {
        snprintf(error, CAPTURE_ERROR_SIZE, "%s", pcap_geterr(pcap));
        return -1;
    }
    if (pcap_datalink(pcap) != DLT_EN10MB) {
        snprintf(error, CAPTURE_ERROR_SIZE, "not an Ethernet interface");
        return -1;
    }
    struct bpf_program filter;
    if (pcap_compile(pcap, &filter, "tcp or arp", 1, PCAP_NETMASK_UNKNOWN) <
            0 ||
        pcap_setfilter(pcap, &filter) < 0) {
        snprintf(error, CAPTURE_ERROR_SIZE, "%s", pcap_geterr(pcap));
        return -1;
    }
    pcap_freecode(&filter);
    return pcap_setnonblock(pcap, 1, error);
}

struct capture *
capture_open(const char *interface, const char *file, char *error)
{
    struct capture *capture = calloc(1, sizeof *capture);
    if (capture == NULL) {
        snprintf(error, CAPTURE_ERROR_SIZE, "out of memory");
        return NULL;
    }
    capture->pcap = pcap_create(interface, error);
    if (capture->pcap == NULL || activate(capture->pcap, error) == -1)
        goto fail;
    capture->room = CAPTURE_MOST_FILE;
    if (file != NULL) {
        capture->file = pcap_dump_open(capture->pcap, file);
        if (capture->file == NULL) {
            snprintf(error, CAPTURE_ERROR_SIZE, "%s",
                     pcap_geterr(capture->pcap));
            goto fail;
        }
    }
    return capture;
fail:
    capture_close(capture);
    return NULL;
}

int
capture_fd(const struct capture *capture)
{
    return pcap_get_selectable_fd(capture->pcap);
}

static void
take(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
    struct capture *capture = (void *)user;
    size_t size = RECORD_HEADER + header->caplen;
    if (capture->file != NULL && size <= capture->room) {
        capture->room -= size;
        pcap_dump((u_char *)capture->file, header, bytes);
    }
    struct packet packet;
    if (packet_parse(bytes, header->caplen, &packet) != PACKET_TCP)
        return;
    uint64_t when =
        (uint64_t)header->ts.tv_sec * NANOSECONDS +
        (uint64_t)header->ts.tv_usec; /* nanoseconds, as was asked for */
    capture->handler(capture->context, &packet, when);
}

int
capture_drain(struct capture *capture, capture_handler *handler, void *context)
{
    capture->handler = handler;
    capture->context = context;
    return pcap_dispatch(capture->pcap, -1, take, (u_char *)capture);
}

uint64_t
capture_lost(struct capture *capture)
{
    struct pcap_stat counts;
    if (pcap_stats(capture->pcap, &counts) == -1)
        return 0; /* the interface is gone, and its traffic with it */
    return counts.ps_drop;
}

const char *
capture_error(struct capture *capture)
{
    return pcap_geterr(capture->pcap);
}

int
capture_flush(struct capture *capture)
{
    if (capture->file == NULL)
        return 0;
    if (pcap_dump_flush(capture->file) == -1)
        return -1;
    if (ferror(pcap_dump_file(capture->file))) { /* some time before */
        errno = EIO;
        return -1;
    }
    return 0;
}

void
capture_close(struct capture *capture)
{
    if (capture == NULL)
        return;
    if (capture->file != NULL)
        pcap_dump_close(capture->file);
    if (capture->pcap != NULL)
        pcap_close(capture->pcap);
    free(capture);
}
