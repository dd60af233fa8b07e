/* A line of appeals, strictly: known keys once, each within its limits. */
#include "appeals_entry.h"

#include <inttypes.h>
#include <stddef.h>

#include "rebut/json.h"

const char *const rebut_words_appeal[REBUT_APPEAL_STATUSES] = {
    [REBUT_APPEAL_OPENED] = "opened",   [REBUT_APPEAL_SUBMITTED] = "submitted",
    [REBUT_APPEAL_WON] = "won",         [REBUT_APPEAL_LOST] = "lost",
    [REBUT_APPEAL_EXPIRED] = "expired",
};

enum kind { TEXT, STATUS, INSTANT, MONEY };
enum key {
    REQUEST_ID,
    STATUS_WORD,
    AT,
    AMOUNT,
    RECOVERED,
    PLATFORM,
    FORM,
    REASON,
    EXPIRES
};

/* In the order of enum key. */
#define PLACE(member) offsetof(struct appeal_entry, member)
static const struct member {
    const char *name;
    enum kind kind;
    size_t place, most; /* bytes of a text */
} members[] = {
    {"request_id", TEXT, PLACE(request_id), REBUT_ID_MAX},
    {"status", STATUS, PLACE(status), 0},
    {"at", INSTANT, PLACE(at), 0},
    {"amount", MONEY, PLACE(amount), 0},
    {"recovered", MONEY, PLACE(recovered), 0},
    {"platform", TEXT, PLACE(platform), REBUT_APPEALS_TEXT_MAX},
    {"form", TEXT, PLACE(form), REBUT_APPEALS_TEXT_MAX},
    {"reason", TEXT, PLACE(reason), REBUT_APPEALS_TEXT_MAX},
    {"expires_at", INSTANT, PLACE(expires), 0},
};
#define MEMBERS ((int)(sizeof members / sizeof members[0]))
#define BIT(key) (1u << (key))

/* A word from outside, fit for a message: at most 24 plain letters of it. */
struct shown {
    char text[28];
};
static struct shown show(struct rebut_text text)
{
    struct shown shown;
    size_t used = 0;
    for (size_t i = 0; i < text.size && used < 24; i++) {
        const unsigned char byte = (unsigned char)text.data[i];
        shown.text[used++] = byte >= 0x20 && byte < 0x7f ? (char)byte : '?';
    }
    shown.text[used] = '\0';
    return shown;
}

static const char *kind_word(enum rebut_json_kind kind)
{
    static const char *const words[] = {
        [REBUT_JSON_NONE] = "nothing",     [REBUT_JSON_STRING] = "a string",
        [REBUT_JSON_INTEGER] = "a number", [REBUT_JSON_REAL] = "a number",
        [REBUT_JSON_TRUE] = "true",        [REBUT_JSON_FALSE] = "false",
        [REBUT_JSON_NULL] = "null",        [REBUT_JSON_ARRAY] = "an array",
        [REBUT_JSON_OBJECT] = "an object"};
    return words[kind];
}

static bool take_text(const struct member *member, struct rebut_text text, uint32_t line,
                      void *place, struct rebut_error *err)
{
    if (text.size < 1 || text.size > member->most)
        return rebut_fail(err, REBUT_EDATA,
                          "line %" PRIu32 ": expected '%s' of 1 to %zu bytes, got %zu",
                          line, member->name, member->most, text.size);
    *(struct rebut_text *)place = text;
    return true;
}

static bool take_status(struct rebut_text text, uint32_t line, int *place,
                        struct rebut_error *err)
{
    for (int i = 0; i < REBUT_APPEAL_STATUSES; i++)
        if (rebut_text_equal(text, rebut_text_of(rebut_words_appeal[i]))) {
            *place = i;
            return true;
        }
    return rebut_fail(err, REBUT_EDATA,
                      "line %" PRIu32 ": expected 'status' opened, submitted, won, lost "
                      "or expired, got '%s'",
                      line, show(text).text);
}

static bool take_money(const struct member *member, const struct rebut_json_value *value,
                       uint32_t line, int64_t *place, struct rebut_error *err)
{
    if (value->kind != REBUT_JSON_INTEGER || !rebut_text_int64(value->text, place) ||
        *place < 0 || *place > REBUT_MONEY_MAX)
        return rebut_fail(err, REBUT_EDATA,
                          "line %" PRIu32
                          ": expected '%s' in whole fen from 0 to %" PRId64 ", got '%s'",
                          line, member->name, REBUT_MONEY_MAX, show(value->text).text);
    return true;
}

static bool take(const struct member *member, const struct rebut_json_value *value,
                 struct appeal_entry *entry, struct rebut_error *err)
{
    char *place = (char *)entry + member->place;
    if (member->kind == MONEY)
        return take_money(member, value, entry->line, (int64_t *)(void *)place, err);
    if (value->kind != REBUT_JSON_STRING)
        return rebut_fail(err, REBUT_EDATA,
                          "line %" PRIu32 ": expected '%s' to be a string, got %s",
                          entry->line, member->name, kind_word(value->kind));
    if (member->kind == TEXT)
        return take_text(member, value->text, entry->line, place, err);
    if (member->kind == STATUS)
        return take_status(value->text, entry->line, (int *)(void *)place, err);
    return rebut_time_parse(value->text, (int64_t *)(void *)place) ||
           rebut_fail(err, REBUT_EDATA,
                      "line %" PRIu32 ": expected '%s' as RFC 3339 with an offset, got "
                      "'%s'",
                      entry->line, member->name, show(value->text).text);
}

static bool find_member(struct rebut_text key, unsigned seen, uint32_t line,
                        int *ret_member, struct rebut_error *err)
{
    int i = 0;
    while (i < MEMBERS && !rebut_text_equal(key, rebut_text_of(members[i].name)))
        i++;
    *ret_member = i;
    if (i == MEMBERS)
        return rebut_fail(err, REBUT_EDATA,
                          "line %" PRIu32 ": expected keys of an appeal, got '%s'", line,
                          show(key).text);
    return (seen & BIT(i)) == 0 ||
           rebut_fail(err, REBUT_EDATA,
                      "line %" PRIu32 ": expected '%s' once, got it twice", line,
                      members[i].name);
}

/* What depends on more than one key. */
static bool check(const struct appeal_entry *entry, unsigned seen,
                  struct rebut_error *err)
{
    for (int i = REQUEST_ID; i <= AT; i++)
        if ((seen & BIT(i)) == 0)
            return rebut_fail(err, REBUT_EDATA,
                              "line %" PRIu32 ": expected '%s', got none", entry->line,
                              members[i].name);
    if ((seen & BIT(RECOVERED)) != 0 && entry->status != REBUT_APPEAL_WON)
        return rebut_fail(err, REBUT_EDATA,
                          "line %" PRIu32 ": expected 'recovered' of 'won' only, got it "
                          "of '%s'",
                          entry->line, rebut_words_appeal[entry->status]);
    if ((seen & BIT(EXPIRES)) != 0 && entry->status != REBUT_APPEAL_OPENED)
        return rebut_fail(err, REBUT_EDATA,
                          "line %" PRIu32 ": expected 'expires_at' of 'opened' only, got "
                          "it of '%s'",
                          entry->line, rebut_words_appeal[entry->status]);
    return (seen & BIT(EXPIRES)) == 0 || entry->expires >= entry->at ||
           rebut_fail(err, REBUT_EDATA,
                      "line %" PRIu32 ": expected 'expires_at' at or after 'at', got it "
                      "before",
                      entry->line);
}

bool rebut_appeal_entry(struct rebut_text text, uint32_t line, char *room,
                        size_t *ret_used, struct appeal_entry *ret,
                        struct rebut_error *err)
{
    struct rebut_json json;
    struct rebut_json_value value;
    struct rebut_text key;
    unsigned seen = 0;
    int member = 0;
    *ret = (struct appeal_entry){.at = REBUT_TIME_NONE,
                                 .amount = -1,
                                 .recovered = -1,
                                 .expires = REBUT_TIME_NONE,
                                 .line = line};
    rebut_json_init(&json, text, 8);
    json.room = room;
    json.room_size = text.size;
    if (rebut_json_open(&json, REBUT_JSON_OBJECT))
        while (rebut_json_next_key(&json, &key)) {
            if (!find_member(key, seen, line, &member, err))
                return false;
            if (!rebut_json_value(&json, &value))
                break;
            if (!take(&members[member], &value, ret, err))
                return false;
            seen |= BIT(member);
        }
    if (!rebut_json_finish(&json))
        return rebut_fail(err, REBUT_EDATA,
                          "line %" PRIu32 ": expected an object of JSON: %s at byte %zu",
                          line, json.expected, (size_t)(json.at - json.start) + 1);
    *ret_used = json.room_used;
    return check(ret, seen, err);
}

static bool same(struct rebut_text a, struct rebut_text b)
{
    return (a.data == NULL) == (b.data == NULL) && rebut_text_equal(a, b);
}

bool rebut_appeal_entry_equal(const struct appeal_entry *a, const struct appeal_entry *b)
{
    return same(a->request_id, b->request_id) && same(a->platform, b->platform) &&
           same(a->form, b->form) && same(a->reason, b->reason) && a->at == b->at &&
           a->amount == b->amount && a->recovered == b->recovered &&
           a->expires == b->expires && a->status == b->status;
}
