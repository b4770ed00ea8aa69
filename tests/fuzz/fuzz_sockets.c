/* fuzz_sockets.c - answers of the kernel's socket diagnostics
 *
 * They come through a socket pair in place of the kernel's socket, cut into
 * datagrams where the input says so.
 */
#include "observe/sockets.h"
#include "fuzz.h"

#include <sys/socket.h>
#include <unistd.h>

/* Sends the input in datagrams: two bytes of length, and so many bytes. */
static void
send_pieces(int fd, const uint8_t *data, size_t size)
{
    while (size > 2) {
        size_t length = (size_t)(data[0] | data[1] << 8);
        data += 2;
        size -= 2;
        length = length < size ? length : size;
        if (length > 0 && send(fd, data, length, MSG_DONTWAIT) == -1)
            return;
        data += length;
        size -= length;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int pair[2];
    struct socket_list list = {0};
    char text[SOCKET_ADDRESS_TEXT];
    PROMISE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
    send_pieces(pair[1], data, size);
    PROMISE(shutdown(pair[1], SHUT_WR) == 0);
    (void)sockets_take_answers(pair[0], 3, &list);
    PROMISE(list.count <= size);
    for (size_t i = 0; i < list.count; i++) {
        PROMISE(list.items[i].host == 3);
        socket_address_text(&list.items[i].local, text);
        PROMISE(strlen(text) < sizeof text);
        PROMISE(socket_state_name(list.items[i].state) != NULL);
        (void)sockets_in_flight(&list, i);
    }
    (void)sockets_fingerprint(&list);
    sockets_free(&list);
    close(pair[0]);
    close(pair[1]);
    return 0;
}
