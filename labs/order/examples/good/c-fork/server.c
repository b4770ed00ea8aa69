/*
 * PA3 server, Team 37
 *
 * Explanation of multithreading: recv() makes a program wait. If the server
 * waited for client X, then a message of client Y would not be noticed until X
 * has written too, and the answer "who was first" would be wrong. So there must
 * be two waiting places at once. We use fork(): one child for each client. A
 * child writes its letter and the message into a pipe as soon as it has come;
 * what is read from the pipe first was received first.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct note {           /* smaller than PIPE_BUF: it is written in one piece */
  char letter;
  char text[255];
};

static void die(const char *what)
{
  perror(what);
  exit(1);
}

static void child(char letter, int conn, int out)
{
  struct note note;
  ssize_t n;

  memset(&note, 0, sizeof note);
  note.letter = letter;
  n = recv(conn, note.text, sizeof note.text - 1, 0);
  if (n < 0)
    die("recv");
  note.text[strcspn(note.text, "\r\n")] = 0;
  write(out, &note, sizeof note);
  exit(0);
}

int main(void)
{
  int listener, conn[2], fds[2], i, on = 1;
  struct sockaddr_in address;
  struct note first, second;
  char line[600];

  setvbuf(stdout, NULL, _IOLBF, 0);
  listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons(12000);
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0)
    die("bind");
  listen(listener, 2);
  printf("The server is waiting to receive 2 connections....\n");
  for (i = 0; i < 2; i++) {
    conn[i] = accept(listener, NULL, NULL);
    printf("Accepted %s connection, calling it client %c\n",
           i == 0 ? "first" : "second", "XY"[i]);
  }
  for (i = 0; i < 2; i++) {
    int length = sprintf(line, "Client %c connected", "XY"[i]);
    send(conn[i], line, length, 0);
  }
  printf("Waiting to receive messages from client X and client Y....\n");
  if (pipe(fds) != 0)
    die("pipe");
  for (i = 0; i < 2; i++)
    if (fork() == 0)
      child("XY"[i], conn[i], fds[1]);

  read(fds[0], &first, sizeof first);
  printf("Client %c sent message 1: %s\n", first.letter, first.text);
  read(fds[0], &second, sizeof second);
  printf("Client %c sent message 2: %s\n", second.letter, second.text);
  while (wait(NULL) > 0)
    ;
  sprintf(line, "%c: %s received before %c: %s",
          first.letter, first.text, second.letter, second.text);
  for (i = 0; i < 2; i++) {
    send(conn[i], line, strlen(line), 0);
    close(conn[i]);
  }
  printf("Sent acknowledgment to both X and Y\nDone.\n");
  return 0;
}
