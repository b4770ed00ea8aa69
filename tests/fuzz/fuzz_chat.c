/* fuzz_chat.c - commands, names and file heads of lab `chat` */
#include "core/chat.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char name[CHAT_LINE_MAX + 1];
    const char *wanted = NULL;
    int64_t length = 0;
    char *text = fuzz_text(data, size);
    if (strlen(text) <= CHAT_LINE_MAX) {
        (void)chat_command(text, &wanted);
        if (wanted != NULL)
            PROMISE(wanted >= text && wanted <= text + strlen(text));
        (void)chat_name_fault(text);
        if (chat_is_file_name(text))
            PROMISE(strchr(text, '/') == NULL && text[0] != '.');
        if (chat_read_file_head(text, name, &length)) {
            PROMISE(length >= 0);
            PROMISE(strlen(name) < sizeof name);
        }
    }
    free(text);
    return 0;
}
