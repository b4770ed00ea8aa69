/* fuzz.h - what the fuzz harnesses share
 *
 * Each harness is one libFuzzer program for one parser of c_src/core. It
 * aborts where a promise of the header does not hold; memory faults are the
 * sanitizers' to find.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(holds)                                                         \
    do {                                                                       \
        if (!(holds))                                                          \
            abort();                                                           \
    } while (0)

/* The input as a string that ends where it ends. The caller frees it. */
static inline char *
fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    PROMISE(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

#endif
