/* fuzz_sum.c - the messages of lab `sum` */
#include "core/sum.h"
#include "core/text.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sum_pair pair;
    int number;
    char *text = fuzz_text(data, size);
    enum sum_result result = sum_read(text, &pair);
    PROMISE(sum_why(result) != NULL || result == SUM_READY);
    if (result == SUM_READY)
        PROMISE(strlen(pair.name) <= SUM_NAME_MAX);
    (void)sum_read_number(text, &number);
    text_make_plain(text);
    PROMISE(strchr(text, '\t') != NULL || text_is_plain(text));
    free(text);
    return 0;
}
