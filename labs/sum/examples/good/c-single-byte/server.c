#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <netinet/in.h>
int main(void) {
  int s = socket(AF_INET, SOCK_STREAM, 0), c; struct sockaddr_in a = {0};
  unsigned char b[101];
  a.sin_family = AF_INET; a.sin_port = htons(8001);
  if (bind(s, (void*)&a, sizeof a)) { perror("bind"); return 1; }
  listen(s, 1);
  for (;;) {
    c = accept(s, 0, 0);
    int n = read(c, b, 100);
    if (n < 2) { close(c); continue; }
    signed char v = b[0]; b[n] = 0;
    printf("%s has connected to Server of Crab\n", b + 1);
    printf("client %d server 42 sum %d\n", v, v + 42);
    char r[40] = "*Server of Crab"; r[0] = 42;
    write(c, r, strlen(r)); close(c);
    if (v < 1 || v > 100) { close(s); return 0; }
  } }
