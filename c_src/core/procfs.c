/* procfs.c - read the lines that Linux writes about a thread under /proc */
#include "core/procfs.h"

#include <string.h>

/* A cursor over the line: every reader advances it or leaves it alone. */
struct cursor {
    const char *at;
    const char *end;
};

static void
skip_blanks(struct cursor *c)
{
    while (c->at < c->end && *c->at == ' ')
        c->at++;
}

static bool
read_decimal(struct cursor *c, uint64_t *out)
{
    skip_blanks(c);
    const char *start = c->at;
    uint64_t value = 0;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9') {
        unsigned digit = (unsigned)(*c->at - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
        c->at++;
    }
    *out = value;
    return c->at > start;
}

static int
hex_digit(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    if (ch >= 'a' && ch <= 'f')
        return ch - 'a' + 10;
    return -1;
}

static bool
read_hex(struct cursor *c, uint64_t *out)
{
    skip_blanks(c);
    if (c->end - c->at < 3 || c->at[0] != '0' || c->at[1] != 'x')
        return false;
    c->at += 2;
    const char *start = c->at;
    uint64_t value = 0;
    while (c->at < c->end && hex_digit(*c->at) >= 0) {
        if (value >> 60)
            return false;
        value = value << 4 | (uint64_t)hex_digit(*c->at);
        c->at++;
    }
    *out = value;
    return c->at > start;
}

/* The name may hold blanks and parentheses: the last ')' ends it. NULL where
 * there is none. */
static const char *
end_of_name(const char *line, size_t length)
{
    for (size_t i = length; i > 0; i--)
        if (line[i - 1] == ')')
            return line + i - 1;
    return NULL;
}

enum procfs_result
procfs_stat(const char *line, size_t length, struct procfs_stat *out)
{
    const char *open = memchr(line, '(', length);
    const char *close = end_of_name(line, length);
    if (open == NULL || close == NULL || close < open)
        return PROCFS_BAD;
    struct cursor c = {close + 1, line + length};
    skip_blanks(&c);
    if (c.at >= c.end)
        return PROCFS_BAD;
    char state = *c.at++;
    uint64_t parent;
    if (!read_decimal(&c, &parent) || parent > INT32_MAX)
        return PROCFS_BAD;
    size_t size = (size_t)(close - open - 1);
    if (size >= sizeof out->name)
        size = sizeof out->name - 1;
    memcpy(out->name, open + 1, size);
    out->name[size] = '\0';
    out->state = state;
    out->parent = (int)parent;
    return PROCFS_OK;
}

/* Takes a number that may be below zero and is of no interest then. */
static bool
read_signed(struct cursor *c, uint64_t *out)
{
    skip_blanks(c);
    bool negative = c->at < c->end && *c->at == '-';
    if (negative)
        c->at++;
    if (!read_decimal(c, out))
        return false;
    if (negative)
        *out = 0;
    return true;
}

enum procfs_result
procfs_usage(const char *line, size_t length, struct procfs_usage *out)
{
    /* Where proc(5) counts from 1, this counts from the state, field 3. */
    enum {
        UTIME = 11,
        STIME,
        CUTIME,
        CSTIME,
        THREADS = 17,
        RSS = 21,
        LAST = RSS
    };
    uint64_t fields[LAST + 1];
    const char *close = end_of_name(line, length);
    if (close == NULL)
        return PROCFS_BAD;
    struct cursor c = {close + 1, line + length};
    skip_blanks(&c);
    if (c.at >= c.end)
        return PROCFS_BAD;
    c.at++; /* the state */
    for (int i = 1; i <= LAST; i++)
        if (!read_signed(&c, &fields[i]))
            return PROCFS_BAD;
    out->ticks = fields[UTIME] + fields[STIME];
    out->reaped_ticks = fields[CUTIME] + fields[CSTIME];
    out->threads = fields[THREADS];
    out->resident_pages = fields[RSS];
    return PROCFS_OK;
}

enum procfs_result
procfs_syscall(const char *line, size_t length, struct procfs_syscall *out)
{
    static const char running[] = "running";
    struct cursor c = {line, line + length};
    struct procfs_syscall seen = {0};
    if (length >= sizeof running - 1 &&
        memcmp(line, running, sizeof running - 1) == 0) {
        seen.running = true;
        *out = seen;
        return PROCFS_OK;
    }
    if (length >= 2 && line[0] == '-' && line[1] == '1') {
        seen.number = -1;
        *out = seen;
        return PROCFS_OK;
    }
    uint64_t number;
    if (!read_decimal(&c, &number) || number > INT32_MAX)
        return PROCFS_BAD;
    seen.number = (long)number;
    for (int i = 0; i < 6; i++)
        if (!read_hex(&c, &seen.args[i]))
            return PROCFS_BAD;
    *out = seen;
    return PROCFS_OK;
}

enum procfs_result
procfs_sched(const char *line, size_t length, struct procfs_sched *out)
{
    struct cursor c = {line, line + length};
    uint64_t run, waited, slices;
    if (!read_decimal(&c, &run) || !read_decimal(&c, &waited) ||
        !read_decimal(&c, &slices))
        return PROCFS_BAD;
    out->run_ns = run;
    out->slices = slices;
    return PROCFS_OK;
}
