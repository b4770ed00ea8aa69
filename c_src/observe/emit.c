/* emit.c - the event stream: one JSON object a line, numbered, one clock */
#include "observe/emit.h"

#include "observe/clock.h"

#include <stdlib.h>

void
emit_open(struct emitter *emitter, FILE *out)
{
    *emitter = (struct emitter){.out = out, .start = clock_monotonic()};
    emitter->offset = clock_realtime() - emitter->start;
    emitter->processor = clock_processor();
}

static void
write_event(struct emitter *emitter, const char *name, json_t *fields,
            uint64_t monotonic)
{
    /* The clock of a packet may lie a hair before the start. */
    int64_t elapsed = (int64_t)(monotonic - emitter->start);
    double seconds = (double)(elapsed / 1000) / 1e6;
    char *rest = fields
                     ? json_dumps(fields, JSON_COMPACT | JSON_REAL_PRECISION(9))
                     : NULL;
    int written = fprintf(emitter->out, "{\"n\":%llu,\"t\":%.6f,\"ev\":\"%s\"",
                          (unsigned long long)++emitter->count,
                          seconds < 0 ? 0 : seconds, name);
    if (rest != NULL && rest[0] == '{' && rest[1] != '}')
        written = fprintf(emitter->out, ",%s\n", rest + 1);
    else
        written = fprintf(emitter->out, "}\n");
    if (written < 0)
        emitter->broken = true;
    free(rest);
    json_decref(fields);
}

void
emit(struct emitter *emitter, const char *name, json_t *fields)
{
    write_event(emitter, name, fields, clock_monotonic());
}

void
emit_at(struct emitter *emitter, const char *name, json_t *fields,
        uint64_t when)
{
    write_event(emitter, name, fields, when - emitter->offset);
}

void
emit_bytes(json_t *object, const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    json_t *text = json_stringn(bytes, size); /* NULL unless it is UTF-8 */
    if (text != NULL) {
        json_object_set_new(object, "text", text);
        return;
    }
    char *hex = malloc(size * 2);
    if (hex == NULL)
        return;
    for (size_t i = 0; i < size; i++) {
        hex[2 * i] = digits[from[i] >> 4];
        hex[2 * i + 1] = digits[from[i] & 15];
    }
    json_object_set_new(object, "hex", json_stringn(hex, size * 2));
    free(hex);
}

void
emit_flush(struct emitter *emitter)
{
    if (fflush(emitter->out) == EOF)
        emitter->broken = true;
}
