/* PA3 client, Team 37 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
  char text[600];
  struct sockaddr_in server = { .sin_family = AF_INET, .sin_port = htons(12000) };
  int s = socket(AF_INET, SOCK_STREAM, 0);
  ssize_t n;

  inet_aton("10.0.0.1", &server.sin_addr);
  if (connect(s, (struct sockaddr *)&server, sizeof server) != 0) {
    perror("connect");
    return 1;
  }
  n = recv(s, text, sizeof text - 1, 0);
  if (n <= 0)
    return 1;
  printf("From Server: %.*s\n", (int)n, text);
  printf("Enter message to send to server: ");
  fflush(stdout);
  if (fgets(text, 256, stdin) == NULL)
    return 1;
  send(s, text, strlen(text), 0);
  n = recv(s, text, sizeof text - 1, 0);
  if (n > 0)
    printf("From Server: %.*s\n", (int)n, text);
  close(s);
  return 0;
}
