/*
 * CP372 Programming Assignment, Group 8
 * server.c - a thread for each client, at most three clients
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PORT 12345
#define MAX_CLIENTS 3
#define MAX_RECORDS 1000
#define FOLDER "files"

struct record {
    char name[24];
    char joined[32];
    char left[32]; /* empty while the client is here */
    int fd;
};

static struct record records[MAX_RECORDS];
static int count;
static int active;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void now(char text[32])
{
    time_t t = time(NULL);
    struct tm tm;

    localtime_r(&t, &tm);
    strftime(text, 32, "%Y-%m-%d %H:%M:%S", &tm);
}

static int send_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, data, len, 0);

        if (n <= 0)
            return -1;
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

/* A text that is sent with its length, so that the client can wait for all. */
static int send_text(int fd, const char *text)
{
    char head[32];

    snprintf(head, sizeof head, "%zu\n", strlen(text));
    if (send_all(fd, head, strlen(head)) < 0)
        return -1;
    return send_all(fd, text, strlen(text));
}

static int send_status(int fd)
{
    static const size_t size = MAX_RECORDS * 100;
    char *text = malloc(size);
    size_t used = 0;
    int result;

    if (text == NULL)
        return -1;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < count; i++)
        used += (size_t)snprintf(
            text + used, size - used, "%s connected %s, left %s\n",
            records[i].name, records[i].joined,
            records[i].left[0] ? records[i].left : "-");
    pthread_mutex_unlock(&lock);
    result = send_text(fd, text);
    free(text);
    return result;
}

static int send_list(int fd)
{
    char text[8192] = "";
    DIR *dir = opendir(FOLDER);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        if (strlen(text) + strlen(entry->d_name) + 2 > sizeof text)
            break;
        strcat(text, entry->d_name);
        strcat(text, "\n");
    }
    if (dir != NULL)
        closedir(dir);
    return send_text(fd, text[0] ? text : "(no files)\n");
}

static int send_file(int fd, const char *name)
{
    char path[1200];
    char block[4096];
    struct stat info;
    size_t n;
    FILE *file = NULL;

    snprintf(path, sizeof path, FOLDER "/%s", name);
    if (strchr(name, '/') == NULL && stat(path, &info) == 0 &&
        S_ISREG(info.st_mode))
        file = fopen(path, "rb");
    if (file == NULL)
        return send_text(fd, "file not found\n");
    snprintf(block, sizeof block, "%lld\n", (long long)info.st_size);
    if (send_all(fd, block, strlen(block)) < 0) {
        fclose(file);
        return -1;
    }
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        if (send_all(fd, block, n) < 0)
            break;
    fclose(file);
    return 0;
}

/* Answers one line; -1 when the conversation is over. */
static int answer(int fd, const char *line)
{
    char reply[1100];

    if (strcmp(line, "exit") == 0)
        return -1;
    if (strcmp(line, "status") == 0)
        return send_status(fd);
    if (strcmp(line, "list") == 0)
        return send_list(fd);
    if (strncmp(line, "get ", 4) == 0)
        return send_file(fd, line + 4);
    snprintf(reply, sizeof reply, "%s ACK\n", line);
    return send_text(fd, reply);
}

static void *serve(void *argument)
{
    struct record *me = argument;
    char line[1024];
    FILE *in = fdopen(dup(me->fd), "r");

    if (in != NULL && send_text(me->fd, me->name) == 0)
        while (fgets(line, sizeof line, in) != NULL) {
            line[strcspn(line, "\r\n")] = '\0';
            printf("%s: %s\n", me->name, line);
            if (answer(me->fd, line) < 0)
                break;
        }
    if (in != NULL)
        fclose(in);
    close(me->fd);
    pthread_mutex_lock(&lock);
    now(me->left);
    pthread_mutex_unlock(&lock);
    printf("%s disconnected\n", me->name);
    return NULL;
}

static void welcome(int fd)
{
    pthread_t thread;
    struct record *me = NULL;

    pthread_mutex_lock(&lock);
    if (active < MAX_CLIENTS && count < MAX_RECORDS) {
        me = &records[count++];
        active++;
        me->fd = fd;
        snprintf(me->name, sizeof me->name, "Client%02d", count);
        now(me->joined);
    }
    pthread_mutex_unlock(&lock);
    if (me == NULL) {
        send_text(fd, "full");
        close(fd);
        return;
    }
    printf("%s connected\n", me->name);
    pthread_create(&thread, NULL, serve, me);
    pthread_detach(thread);
}

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    mkdir(FOLDER, 0755);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    address.sin_port = htons(PORT);
    address.sin_addr.s_addr = INADDR_ANY;
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) {
        perror("bind");
        return 1;
    }
    listen(listener, 5);
    printf("Server is listening on port %d\n", PORT);
    for (;;) {
        int fd = accept(listener, NULL, NULL);

        if (fd >= 0)
            welcome(fd);
    }
}
