/* fuzz_packet.c - frames as a capture hands them over */
#include "core/packet.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct packet packet;
    if (packet_parse(data, size, &packet) != PACKET_TCP)
        return 0;
    PROMISE(packet.captured <= packet.length);
    if (packet.payload != NULL) {
        PROMISE(packet.payload >= data);
        PROMISE(packet.payload + packet.captured <= data + size);
    } else {
        PROMISE(packet.captured == 0);
    }
    return 0;
}
