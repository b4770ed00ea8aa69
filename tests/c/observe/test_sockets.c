/*
 * test_sockets.c - sockets are seen as the kernel has them, without touching
 */
#include "observe/sockets.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- on the kernel ----------------------------------------------------- */

static int diagnostics = -1, listener = -1;
static uint16_t port;
static struct socket_list list;

static void
setup(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    diagnostics = sockets_open();
    ck_assert_int_ge(diagnostics, 0);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(listener, (void *)&address, size), 0);
    ck_assert_int_eq(listen(listener, 8), 0);
    ck_assert_int_eq(getsockname(listener, (void *)&address, &size), 0);
    port = ntohs(address.sin_port);
}

static void
teardown(void)
{
    close(diagnostics);
    close(listener);
    sockets_free(&list);
}

static void
dump(void)
{
    list.count = 0;
    ck_assert_int_eq(sockets_dump(diagnostics, 3, &list), 0);
}

static unsigned long
inode_of(int fd)
{
    struct stat status;
    ck_assert_int_eq(fstat(fd, &status), 0);
    return status.st_ino;
}

/* The socket of these ports in this state; NULL when there is none. */
static struct socket_info *
find(int state, uint16_t local, uint16_t peer)
{
    for (size_t i = 0; i < list.count; i++) {
        struct socket_info *one = &list.items[i];
        if (one->state == state && one->local.port == local &&
            one->peer.port == peer)
            return one;
    }
    return NULL;
}

static uint16_t
local_port(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    ck_assert_int_eq(getsockname(fd, (void *)&address, &size), 0);
    return address.ss_family == AF_INET
               ? ntohs(((struct sockaddr_in *)&address)->sin_port)
               : ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
}

static int
connect_to(uint16_t target)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(target),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    ck_assert_int_eq(connect(fd, (void *)&address, sizeof address), 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

START_TEST(a_listener_is_seen_with_its_owner)
{
    dump();
    struct socket_info *seen = find(TCP_LISTEN, port, 0);
    ck_assert_ptr_nonnull(seen);
    ck_assert_uint_eq(seen->inode, inode_of(listener));
    ck_assert_int_eq(seen->host, 3);
    ck_assert_uint_eq(seen->recv_q, 0);
    ck_assert_uint_eq(seen->send_q, 0); /* and not its backlog */
}
END_TEST

START_TEST(a_connection_that_nobody_accepted_has_no_owner)
{
    int client = connect_to(port), other = connect_to(port);
    uint16_t from = local_port(client);

    dump();
    ck_assert_uint_eq(find(TCP_LISTEN, port, 0)->recv_q, 2);
    struct socket_info *server = find(TCP_ESTABLISHED, port, from);
    ck_assert_ptr_nonnull(server);
    ck_assert_uint_eq(server->inode, 0);
    ck_assert_uint_eq(find(TCP_ESTABLISHED, from, port)->inode,
                      inode_of(client));
    int accepted = accept(listener, NULL, NULL);
    dump();
    ck_assert_uint_eq(find(TCP_LISTEN, port, 0)->recv_q, 1);
    ck_assert_uint_eq(find(TCP_ESTABLISHED, port, from)->inode,
                      inode_of(accepted));
    close(accepted);
    close(client);
    close(other);
}
END_TEST

START_TEST(bytes_are_counted_where_they_are)
{
    int client = connect_to(port), server = accept(listener, NULL, NULL);
    uint16_t from = local_port(client);
    char got[8];

    ck_assert_int_eq(send(client, "hello", 5, MSG_NOSIGNAL), 5);
    dump();
    struct socket_info *sender = find(TCP_ESTABLISHED, from, port);
    struct socket_info *receiver = find(TCP_ESTABLISHED, port, from);
    ck_assert_uint_eq(sender->sent, 5);
    ck_assert_uint_eq(sender->unsent, 0);
    ck_assert_uint_eq(receiver->received, 5);
    ck_assert_uint_eq(receiver->recv_q, 5);
    ck_assert(!sockets_in_flight(&list, (size_t)(sender - list.items), 0));
    ck_assert_int_eq(recv(server, got, 3, 0), 3);
    dump();
    ck_assert_uint_eq(find(TCP_ESTABLISHED, port, from)->recv_q, 2);
    ck_assert_uint_eq(find(TCP_ESTABLISHED, port, from)->received, 5);
    close(client);
    close(server);
}
END_TEST

START_TEST(a_reader_that_does_not_read_leaves_bytes_in_flight)
{
    int client = connect_to(port), server = accept(listener, NULL, NULL);
    uint16_t from = local_port(client);
    static char much[65536];
    ssize_t n, total = 0;

    fcntl(client, F_SETFL, O_NONBLOCK);
    while ((n = send(client, much, sizeof much, MSG_NOSIGNAL)) > 0)
        total += n;
    ck_assert_int_eq(errno, EAGAIN);
    dump();
    struct socket_info *sender = find(TCP_ESTABLISHED, from, port);
    struct socket_info *receiver = find(TCP_ESTABLISHED, port, from);
    ck_assert_uint_gt(sender->send_q, 0);
    ck_assert_uint_gt(receiver->recv_q, 0);
    ck_assert_int_eq((ssize_t)(sender->sent + sender->unsent), total);
    ck_assert(sockets_in_flight(&list, (size_t)(sender - list.items), 0));
    close(client);
    close(server);
}
END_TEST

START_TEST(an_end_that_closed_is_seen_on_both_sides)
{
    int client = connect_to(port), server = accept(listener, NULL, NULL);
    uint16_t from = local_port(client);

    shutdown(client, SHUT_WR);
    dump();
    /* Its FIN is there at once, though perhaps not yet acknowledged. */
    ck_assert(find(TCP_FIN_WAIT1, from, port) != NULL ||
              find(TCP_FIN_WAIT2, from, port) != NULL);
    ck_assert_ptr_nonnull(find(TCP_CLOSE_WAIT, port, from));
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].local.port == port || list.items[i].peer.port == port)
            ck_assert(!sockets_in_flight(&list, i, 0));
    close(server);
    close(client);
    dump();
    ck_assert_ptr_null(find(TCP_TIME_WAIT, from, port));
}
END_TEST

START_TEST(ipv4_on_a_dual_stack_socket_is_told_as_ipv4)
{
    struct sockaddr_in6 any = {.sin6_family = AF_INET6};
    int off = 0, dual = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char text[SOCKET_ADDRESS_TEXT], expected[SOCKET_ADDRESS_TEXT];

    if (dual == -1 && errno == EAFNOSUPPORT)
        return; /* a machine without IPv6 has none to show */
    setsockopt(dual, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    ck_assert_int_eq(bind(dual, (void *)&any, sizeof any), 0);
    ck_assert_int_eq(listen(dual, 1), 0);
    uint16_t target = local_port(dual);
    int client = connect_to(target), server = accept(dual, NULL, NULL);
    dump();
    struct socket_info *seen =
        find(TCP_ESTABLISHED, target, local_port(client));
    ck_assert_ptr_nonnull(seen);
    socket_address_text(&seen->local, text);
    snprintf(expected, sizeof expected, "127.0.0.1:%u", target);
    ck_assert_str_eq(text, expected);
    socket_address_text(&find(TCP_LISTEN, target, 0)->local, text);
    snprintf(expected, sizeof expected, "[::]:%u", target);
    ck_assert_str_eq(text, expected);
    close(server);
    close(client);
    close(dual);
}
END_TEST

START_TEST(the_fingerprint_follows_what_happens)
{
    uint64_t seen[6];
    char got[8];

    dump();
    seen[0] = sockets_fingerprint(&list);
    dump();
    ck_assert(sockets_fingerprint(&list) == seen[0]);
    int client = connect_to(port);
    dump();
    seen[1] = sockets_fingerprint(&list);
    int server = accept(listener, NULL, NULL);
    dump();
    seen[2] = sockets_fingerprint(&list);
    ck_assert_int_eq(send(client, "x", 1, MSG_NOSIGNAL), 1);
    dump();
    seen[3] = sockets_fingerprint(&list);
    ck_assert_int_eq(recv(server, got, 1, 0), 1);
    dump();
    seen[4] = sockets_fingerprint(&list);
    shutdown(client, SHUT_WR);
    dump();
    seen[5] = sockets_fingerprint(&list);
    for (int i = 1; i < 6; i++)
        ck_assert_msg(seen[i] != seen[i - 1], "step %d", i);
    close(client);
    close(server);
}
END_TEST

/* ---- on lists made up here --------------------------------------------- */

#define CLIENT(...)                                                            \
    {                                                                          \
        .state = TCP_ESTABLISHED,                                              \
        .local = {.bytes = {10, 0, 0, 2}, .port = 40000},                      \
        .peer = {.bytes = {10, 0, 0, 1}, .port = 12000}, __VA_ARGS__           \
    }
#define SERVER(...)                                                            \
    {                                                                          \
        .state = TCP_ESTABLISHED,                                              \
        .local = {.bytes = {10, 0, 0, 1}, .port = 12000},                      \
        .peer = {.bytes = {10, 0, 0, 2}, .port = 40000}, __VA_ARGS__           \
    }

static const struct {
    const char *what;
    struct socket_info sockets[3]; /* of which the first is asked about */
    bool in_flight;
} flights[] = {
    {"nothing was sent", {CLIENT(.sent = 0), SERVER(.received = 0)}, false},
    {"arrived, not acknowledged",
     {CLIENT(.sent = 5, .send_q = 5), SERVER(.received = 5)},
     false},
    {"on its way",
     {CLIENT(.sent = 5, .send_q = 5), SERVER(.received = 0)},
     true},
    {"partly arrived",
     {CLIENT(.sent = 5, .send_q = 5), SERVER(.received = 4)},
     true},
    {"arrived, more waits to be sent",
     {CLIENT(.sent = 5, .send_q = 9, .unsent = 4), SERVER(.received = 5)},
     true},
    {"to an end that we do not see", {CLIENT(.sent = 5, .send_q = 5)}, true},
    {"acknowledged by an end that we do not see", {CLIENT(.sent = 5)}, false},
    {"the other end is behind a translation",
     {CLIENT(.sent = 5, .send_q = 5),
      {.state = TCP_ESTABLISHED,
       .local = {.bytes = {192, 168, 0, 1}, .port = 12000},
       .peer = {.bytes = {192, 168, 0, 9}, .port = 40000},
       .received = 5}},
     false},
    {"another client with the same port has got its own",
     {CLIENT(.sent = 5, .send_q = 5),
      SERVER(.received = 0),
      {.state = TCP_ESTABLISHED,
       .local = {.bytes = {10, 0, 0, 1}, .port = 12000},
       .peer = {.bytes = {10, 0, 0, 3}, .port = 40000},
       .received = 9}},
     true},
    {"the other end writes its IPv4 as IPv6",
     {CLIENT(.sent = 5, .send_q = 5),
      {.state = TCP_ESTABLISHED,
       .local = {.ipv6 = true,
                 .bytes = {[10] = 255, 255, 10, 0, 0, 1},
                 .port = 12000},
       .peer = {.ipv6 = true,
                .bytes = {[10] = 255, 255, 10, 0, 0, 2},
                .port = 40000},
       .received = 5},
      {.state = TCP_ESTABLISHED,
       .local = {.bytes = {10, 0, 0, 1}, .port = 12000},
       .peer = {.bytes = {10, 0, 0, 3}, .port = 40000},
       .received = 0}},
     false},
    {"a listener is no other end",
     {CLIENT(.sent = 5, .send_q = 5),
      {.state = TCP_LISTEN,
       .local = {.port = 12000},
       .peer = {.port = 40000},
       .received = 9}},
     true},
    {"a first SYN", {{.state = TCP_SYN_SENT}}, true},
    {"a SYN that nobody takes", {{.state = TCP_SYN_SENT, .retries = 1}}, false},
    {"half a handshake", {{.state = TCP_SYN_RECV}}, true},
    {"a first FIN", {{.state = TCP_FIN_WAIT1}}, true},
    {"a FIN that nobody takes",
     {{.state = TCP_FIN_WAIT1, .retries = 2}},
     false},
    {"a FIN that came, not acknowledged",
     {{.state = TCP_FIN_WAIT1, .local = {.port = 1}, .peer = {.port = 2}},
      {.state = TCP_CLOSE_WAIT, .local = {.port = 2}, .peer = {.port = 1}}},
     false},
    {"a FIN that did not come yet",
     {{.state = TCP_FIN_WAIT1, .local = {.port = 1}, .peer = {.port = 2}},
      {.state = TCP_ESTABLISHED, .local = {.port = 2}, .peer = {.port = 1}}},
     true},
    {"a last FIN", {{.state = TCP_LAST_ACK}}, true},
    {"a FIN that was taken", {{.state = TCP_FIN_WAIT2}}, false},
    {"bytes after the other's FIN",
     {{.state = TCP_CLOSE_WAIT,
       .local = {.port = 1},
       .peer = {.port = 2},
       .sent = 1,
       .send_q = 1}},
     true},
    {"a listener with a backlog", {{.state = TCP_LISTEN, .recv_q = 3}}, false},
};

START_TEST(bytes_are_in_flight_until_they_are_in_the_other_queue)
{
    struct socket_info sockets[3];
    struct socket_list made = {sockets, 3, 3};

    memcpy(sockets, flights[_i].sockets, sizeof sockets);
    ck_assert_msg(sockets_in_flight(&made, 0, 0) == flights[_i].in_flight, "%s",
                  flights[_i].what);
}
END_TEST

START_TEST(a_segment_that_was_sent_again_may_still_arrive)
{
    static const int states[] = {TCP_SYN_SENT, TCP_SYN_RECV, TCP_FIN_WAIT1,
                                 TCP_LAST_ACK, TCP_CLOSING};
    struct socket_info one = {.state = states[_i], .retries = 3};
    struct socket_list made = {&one, 1, 1};

    ck_assert(!sockets_in_flight(&made, 0, 2));
    ck_assert(sockets_in_flight(&made, 0, 3));
}
END_TEST

START_TEST(the_other_end_is_on_a_host)
{
    struct socket_info sockets[] = {
        {.host = 1, .local = {.port = 1}, .peer = {.port = 2}},
        /* the same ports, at other addresses */
        {.host = 2,
         .local = {.bytes = {9}, .port = 2},
         .peer = {.bytes = {8}, .port = 1}},
        {.host = 3, .local = {.port = 2}, .peer = {.port = 1}},
        {.host = 4, .state = TCP_LISTEN, .local = {.port = 2}},
        {.host = 5, .local = {.port = 7}, .peer = {.port = 8}},
    };
    struct socket_list made = {sockets, 5, 5};

    ck_assert_int_eq(sockets_other_host(&made, 0), 3);
    ck_assert_int_eq(sockets_other_host(&made, 2), 1);
    ck_assert_int_eq(sockets_other_host(&made, 4), -1);
    made.count = 2; /* led there by a translation rule */
    ck_assert_int_eq(sockets_other_host(&made, 0), 2);
}
END_TEST

static const struct {
    struct socket_address address;
    const char *text;
} addresses[] = {
    {{.bytes = {10, 0, 0, 1}, .port = 12000}, "10.0.0.1:12000"},
    {{.port = 0}, "0.0.0.0:0"},
    {{.ipv6 = true, .port = 80}, "[::]:80"},
    {{.ipv6 = true, .bytes = {[15] = 1}, .port = 65535}, "[::1]:65535"},
    {{.ipv6 = true, .bytes = {[10] = 255, 255, 10, 0, 0, 1}, .port = 80},
     "10.0.0.1:80"},
    {{.ipv6 = true, .bytes = {[9] = 1, 255, 255, 10, 0, 0, 1}, .port = 80},
     "[::1:ffff:a00:1]:80"},
    {{.ipv6 = true, .bytes = {254, 128, [15] = 9}, .port = 1}, "[fe80::9]:1"},
    {{.ipv6 = true,
      .bytes = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
      .port = 65535},
     "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"},
};

START_TEST(an_address_is_written_as_people_write_it)
{
    char text[SOCKET_ADDRESS_TEXT];

    socket_address_text(&addresses[_i].address, text);
    ck_assert_str_eq(text, addresses[_i].text);
}
END_TEST

START_TEST(every_state_has_a_name)
{
    ck_assert_str_eq(socket_state_name(TCP_ESTABLISHED), "ESTABLISHED");
    ck_assert_str_eq(socket_state_name(TCP_LISTEN), "LISTEN");
    ck_assert_str_eq(socket_state_name(TCP_CLOSE_WAIT), "CLOSE_WAIT");
    ck_assert_str_eq(socket_state_name(12), "SYN_RECV");
    for (int state = TCP_ESTABLISHED; state <= TCP_CLOSING; state++)
        ck_assert_str_ne(socket_state_name(state), "UNKNOWN");
    ck_assert_str_eq(socket_state_name(0), "UNKNOWN");
    ck_assert_str_eq(socket_state_name(-1), "UNKNOWN");
    ck_assert_str_eq(socket_state_name(99), "UNKNOWN");
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

int
main(void)
{
    Suite *suite = suite_create("sockets");
    TCase *kernel = tcase_create("kernel"), *pure = tcase_create("pure");

    tcase_add_checked_fixture(kernel, setup, teardown);
    tcase_add_test(kernel, a_listener_is_seen_with_its_owner);
    tcase_add_test(kernel, a_connection_that_nobody_accepted_has_no_owner);
    tcase_add_test(kernel, bytes_are_counted_where_they_are);
    tcase_add_test(kernel, a_reader_that_does_not_read_leaves_bytes_in_flight);
    tcase_add_test(kernel, an_end_that_closed_is_seen_on_both_sides);
    tcase_add_test(kernel, ipv4_on_a_dual_stack_socket_is_told_as_ipv4);
    tcase_add_test(kernel, the_fingerprint_follows_what_happens);
    tcase_add_loop_test(pure,
                        bytes_are_in_flight_until_they_are_in_the_other_queue,
                        0, COUNT(flights));
    tcase_add_loop_test(pure, a_segment_that_was_sent_again_may_still_arrive, 0,
                        5);
    tcase_add_test(pure, the_other_end_is_on_a_host);
    tcase_add_loop_test(pure, an_address_is_written_as_people_write_it, 0,
                        COUNT(addresses));
    tcase_add_test(pure, every_state_has_a_name);
    suite_add_tcase(suite, kernel);
    suite_add_tcase(suite, pure);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
