#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <netinet/in.h>
int main(void) {
  int s = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in a = {0};
  a.sin_family = AF_INET; a.sin_port = htons(12000);
  if (bind(s, (void*)&a, sizeof a)) return 1;
  listen(s, 1);
  while (1) {
    int c = accept(s, 0, 0); char b[200] = {0};
    read(c, b, 199);
    char *p = strchr(b, ':'); *p = 0; int n = atoi(p + 1);
    printf("%s connected to Server of Tuna\n%d + 42 = %d\n", b, n, n + 42); fflush(stdout);
    write(c, "Server of Tuna:42", 17); close(c);
    assert(n >= 1 && n <= 100);
  } }
