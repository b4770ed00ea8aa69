// PA3 client in C, Team 10. Shows whatever the server sends, as it comes.
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct addrinfo hints = { 0 }, *res;
	char buf[700];
	int sd, n;

	hints.ai_family = AF_INET;
	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(argc > 1 ? argv[1] : "localhost", "12000", &hints, &res) != 0) {
		fprintf(stderr, "unknown host\n");
		return 1;
	}
	sd = socket(res->ai_family, res->ai_socktype, 0);
	if (connect(sd, res->ai_addr, res->ai_addrlen) < 0) {
		perror("connect");
		return 1;
	}
	freeaddrinfo(res);

	n = read(sd, buf, sizeof(buf) - 1);
	if (n <= 0)
		return 1;
	buf[n] = 0;
	printf("From Server: %s\nEnter message to send to server: ", buf);
	fflush(stdout);
	if (!fgets(buf, sizeof(buf), stdin))
		return 1;
	write(sd, buf, strlen(buf));
	while ((n = read(sd, buf, sizeof(buf) - 1)) > 0) {
		buf[n] = 0;
		printf("From Server: %s\n", buf);
	}
	close(sd);
	return 0;
}
