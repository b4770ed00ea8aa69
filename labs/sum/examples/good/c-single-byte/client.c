#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
int main(void) {
  int s = socket(AF_INET, SOCK_STREAM, 0), n; struct sockaddr_in a = {0};
  char b[100];
  do { printf("number (1..100)? "); fflush(stdout); if (scanf("%d", &n) != 1) return 1; } while (n < 1 || n > 100);
  a.sin_family = AF_INET; a.sin_port = htons(8001); a.sin_addr.s_addr = inet_addr("127.0.0.1");
  if (connect(s, (void*)&a, sizeof a)) { perror("connect"); return 1; }
  b[0] = n; strcpy(b + 1, "Client of Crab");
  write(s, b, 15);
  memset(b, 0, 100); read(s, b, 99);
  printf("Client of Crab: %d\n%s: %d\nsum: %d\n", n, b + 1, b[0], n + b[0]);
  return 0; }
