/* emit.h - the event stream: one JSON object a line, numbered, one clock */
#ifndef OBSERVE_EMIT_H
#define OBSERVE_EMIT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct emitter {
    FILE *out;          /* borrowed */
    uint64_t start;     /* clock_monotonic() at t = 0 */
    uint64_t offset;    /* real time minus monotonic time */
    uint64_t processor; /* clock_processor() at t = 0 */
    uint64_t count;     /* events written */
    bool broken;        /* nobody reads any more: writing failed */
};

void emit_open(struct emitter *emitter, FILE *out);

/* Writes event `name` with the fields of `fields`, which is consumed (NULL:
 * none). The time is now. */
void emit(struct emitter *emitter, const char *name, json_t *fields);

/* The same at `when`, a clock_realtime() value. */
void emit_at(struct emitter *emitter, const char *name, json_t *fields,
             uint64_t when);

/* Sets "text" or, where the bytes are not UTF-8, "hex" in `object`. */
void emit_bytes(json_t *object, const void *bytes, size_t size);

void emit_flush(struct emitter *emitter);

#endif
