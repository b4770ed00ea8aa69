/* fuzz_order.c - the sentences of lab `order`, and its session */
#include "core/order.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct order_session session;
    char outcome[ORDER_SENTENCE_MAX];
    char *text = fuzz_text(data, size);
    const char *message = order_without_sender(text);
    PROMISE(message >= text && message <= text + strlen(text));
    (void)order_is_greeting(text);
    (void)order_is_answer(text);
    if (strlen(text) <= ORDER_MESSAGE_MAX && !order_is_blank(text)) {
        order_start(&session);
        session.state = order_next(session.state, ORDER_CONNECTS);
        session.state = order_next(session.state, ORDER_CONNECTS);
        order_hear(&session, ORDER_X, text);
        order_hear(&session, ORDER_Y, text);
        order_outcome(&session, outcome, sizeof outcome);
        PROMISE(strlen(outcome) < sizeof outcome);
    }
    free(text);
    return 0;
}
