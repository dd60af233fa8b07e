/* Is an event that was accepted within the limits of the contract, and a refusal whole?
 *
 * Every text of the event is valid UTF-8 within its limit; a second parse, from another
 * place in memory, gives the same digest; white space around the line changes nothing.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "rebut/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)                                                                 \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,            \
                    #condition);                                                         \
            abort();                                                                     \
        }                                                                                \
    } while (0)

static void check_text(struct rebut_text text, size_t most)
{
    HOLDS(text.size <= most);
    HOLDS(text.data != NULL || text.size == 0);
    HOLDS(rebut_text_valid_utf8(text) == text.size);
    HOLDS(text.size == 0 || memchr(text.data, '\0', text.size) == NULL);
}

static void check_id(struct rebut_text text, bool mandatory)
{
    check_text(text, REBUT_ID_MAX);
    HOLDS(text.size > 0 || (text.data == NULL && !mandatory));
}

static void check_label(struct rebut_text text)
{
    check_text(text, REBUT_LABEL_MAX);
    HOLDS(text.size > 0 || text.data == NULL);
}

static void check_time(int64_t time, int64_t least)
{
    HOLDS(time >= least && time <= REBUT_TIME_MAX);
}

static void check_words(const struct rebut_event *event)
{
    HOLDS(event->channel < REBUT_CHANNELS);
    HOLDS(event->signed_by < REBUT_SIGNEDS);
    HOLDS(event->party < REBUT_PARTIES);
    HOLDS(event->contact_kind < REBUT_CONTACTS);
    HOLDS(event->request_kind < REBUT_KINDS);
    HOLDS(event->reason < REBUT_REASONS);
    HOLDS(event->outcome < REBUT_OUTCOMES);
    HOLDS(event->outcome_by < REBUT_OUTCOME_BYS);
    HOLDS(event->verdict < REBUT_VERDICTS);
    HOLDS(event->selection < REBUT_SELECTIONS);
}

static void check_event(const struct rebut_event *event)
{
    HOLDS(event->type < REBUT_EVENT_TYPES);
    const bool request = event->type == REBUT_EVENT_REQUEST;
    const bool order = event->type == REBUT_EVENT_ORDER;
    const bool later =
        event->type == REBUT_EVENT_OUTCOME || event->type == REBUT_EVENT_VERDICT;
    const bool price = event->type == REBUT_EVENT_PRICE;
    check_time(event->at, REBUT_TIME_MIN);
    check_id(event->order_id, !later && !price);
    check_id(event->request_id, request || later);
    check_id(event->buyer_id, order);
    check_id(event->merchant_id, order);
    check_id(event->sku_id, order || price);
    check_id(event->host_id, false);
    check_id(event->device_id, false);
    check_id(event->address_id, false);
    check_id(event->payment_id, false);
    check_id(event->tracking_id, false);
    check_id(event->reviewer, false);
    check_label(event->category);
    check_label(event->campaign);
    check_label(event->distributor);
    check_label(event->region);
    check_label(event->carrier);
    check_text(event->title, REBUT_TEXT_MAX);
    check_text(event->text, REBUT_TEXT_MAX);
    check_text(event->note, REBUT_TEXT_MAX);
    check_words(event);
    HOLDS(event->amount >= 0 && event->amount <= REBUT_MONEY_MAX);
    HOLDS(event->quantity >= 1 && event->quantity <= REBUT_QUANTITY_MAX);
    HOLDS(event->weight_g >= -1 && event->weight_g <= REBUT_WEIGHT_MAX);
    HOLDS(event->photo_count <= REBUT_PHOTOS_MAX);
    HOLDS(event->propensity >= 0 && event->propensity <= 1);
    if (event->promised_ship_at != REBUT_TIME_NONE)
        check_time(event->promised_ship_at, REBUT_TIME_MIN);
    if (event->account_created_at != REBUT_TIME_NONE)
        check_time(event->account_created_at, -25567 * REBUT_DAY);
}

static void check_refusal(const struct rebut_refusal *refusal)
{
    HOLDS(refusal->reason != NULL && refusal->reason[0] != '\0' &&
          refusal->field != NULL);
    HOLDS(memchr(refusal->expected, '\0', sizeof refusal->expected) != NULL);
    HOLDS(memchr(refusal->came, '\0', sizeof refusal->came) != NULL);
    HOLDS(refusal->expected[0] != '\0' && refusal->came[0] != '\0');
    const struct rebut_text came = rebut_text_of(refusal->came);
    HOLDS(rebut_text_valid_utf8(came) == came.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rebut_event event, twin;
    struct rebut_refusal refusal;
    char *room = malloc(2 * size + 2);
    char *moved = malloc(size + 4);
    if (room == NULL || moved == NULL)
        abort();
    struct rebut_event_scratch scratch = {.data = room, .size = 2 * size};
    const struct rebut_text line = {(const char *)data, size};
    const bool accepted = rebut_event_parse(line, &scratch, &event, &refusal);
    HOLDS(scratch.used <= size && (accepted || scratch.used == 0));
    moved[0] = ' ';
    if (size > 0)
        memcpy(moved + 1, data, size);
    memcpy(moved + 1 + size, "\t\r\n", 3);
    const struct rebut_text wide = {moved, size + 4};
    HOLDS(rebut_event_parse(wide, &scratch, &twin, &refusal) == accepted);
    if (accepted) {
        check_event(&event);
        HOLDS(rebut_event_digest(&event) == rebut_event_digest(&twin));
    } else {
        check_refusal(&refusal);
    }
    free(moved);
    free(room);
    return 0;
}
