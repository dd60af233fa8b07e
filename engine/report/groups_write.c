#include "rebut/groups_write.h"

#include <inttypes.h>

#include "rebut/table.h"

struct writer {
    const struct rebut_groups *groups;
    const struct rebut_scores *scores;
    enum rebut_language language;
    struct rebut_output *out;
};

static const struct rebut_state *state_of(const struct writer *to)
{
    return to->scores->inference->frame->state;
}

static const struct rebut_lead_member *members_of(const struct writer *to,
                                                  const struct rebut_lead *lead)
{
    return to->groups->members + lead->first;
}

/* The request in the state of a lead's request. */
static uint32_t request_of(const struct writer *to, uint32_t place)
{
    const uint32_t score = to->groups->requests[place];
    return to->scores->inference->frame->claims[to->scores->list[score].claim].request;
}

static uint32_t merchant_of(const struct writer *to, uint32_t place)
{
    const struct rebut_state *state = state_of(to);
    const uint32_t order = state->requests.data[request_of(to, place)].order;
    return state->orders.data[order].merchant;
}

/* ---- NDJSON ---- */

static void write_number(const struct writer *to, const char *name, double value)
{
    rebut_output_print(to->out, ",\"%s\":", name);
    rebut_output_decimal(to->out, value);
}

static void write_member(const struct writer *to, const struct rebut_lead_member *member)
{
    const struct rebut_state *state = state_of(to);
    rebut_output_print(to->out, "{\"buyer_id\":");
    rebut_output_json(to->out, rebut_intern_text(&state->buyer_ids, member->buyer));
    write_number(to, "probability", member->probability);
    rebut_output_print(to->out, ",\"shares_key\":%s,\"request_ids\":[",
                       member->linked ? "true" : "false");
    for (uint32_t i = 0; i < member->requests; i++) {
        rebut_output_print(to->out, i > 0 ? "," : "");
        rebut_output_json(to->out, rebut_intern_text(&state->request_ids,
                                                     request_of(to, member->first + i)));
    }
    rebut_output_print(to->out, "]}");
}

/* Each merchant once, as the members' requests name them. */
static void write_merchants(const struct writer *to, const struct rebut_lead *lead)
{
    const uint32_t first = members_of(to, lead)->first;
    bool any = false;
    rebut_output_print(to->out, ",\"merchant_ids\":[");
    for (uint32_t i = first; i < first + lead->requests; i++) {
        bool seen = false;
        for (uint32_t k = first; k < i && !seen; k++)
            seen = merchant_of(to, k) == merchant_of(to, i);
        if (seen)
            continue;
        rebut_output_print(to->out, any ? "," : "");
        rebut_output_json(
            to->out, rebut_intern_text(&state_of(to)->merchant_ids, merchant_of(to, i)));
        any = true;
    }
    rebut_output_print(to->out, "]");
}

static void write_sentences(const struct writer *to, const struct rebut_lead *lead)
{
    char text[REBUT_GROUPS_SENTENCE_SIZE];
    rebut_output_print(to->out,
                       ",\"witnessed\":%" PRIu32 ",\"at_faulty\":%" PRIu32
                       ",\"judged_legitimate\":%" PRIu32 ",\"judged_abuse\":%" PRIu32
                       ",\"one_item\":%" PRIu32 ",\"one_item_witnessed\":%" PRIu32
                       ",\"for_the_members\":[",
                       lead->witnessed, lead->faulty, lead->judged_legitimate,
                       lead->judged_abuse, lead->one_item, lead->one_item_witnessed);
    for (int i = 0; rebut_lead_for_members(lead, i, to->language, text); i++) {
        rebut_output_print(to->out, i > 0 ? "," : "");
        rebut_output_json(to->out, rebut_text_of(text));
    }
    rebut_output_print(to->out, "],\"caution\":");
    rebut_output_json(to->out, rebut_text_of(rebut_groups_caution(to->language)));
}

static bool write_lead(const struct writer *to, uint32_t number)
{
    const struct rebut_lead *lead = &to->groups->list[number];
    char first[REBUT_TIME_SIZE], last[REBUT_TIME_SIZE], as_of[REBUT_TIME_SIZE];
    rebut_time_format(lead->first_at, 0, first);
    rebut_time_format(lead->last_at, 0, last);
    rebut_time_format(to->scores->inference->frame->as_of, 0, as_of);
    rebut_output_print(to->out,
                       "{\"group\":%" PRIu32 ",\"accounts\":%" PRIu32
                       ",\"merchants\":%" PRIu32 ",\"items\":%" PRIu32
                       ",\"requests\":%" PRIu32 ",\"amount\":%" PRId64
                       ",\"first_at\":\"%s\",\"last_at\":\"%s\"",
                       number + 1, lead->count, lead->merchants, lead->items,
                       lead->requests, lead->amount, first, last);
    write_number(to, "probability", lead->probability);
    write_number(to, "density", lead->density);
    write_number(to, "by_chance", lead->by_chance);
    write_number(to, "q_value", lead->q_value);
    write_number(to, "share_with_key", (double)lead->linked / lead->count);
    write_merchants(to, lead);
    rebut_output_print(to->out, ",\"members\":[");
    for (uint32_t i = 0; i < lead->count; i++) {
        rebut_output_print(to->out, i > 0 ? "," : "");
        write_member(to, members_of(to, lead) + i);
    }
    rebut_output_print(to->out, "]");
    write_sentences(to, lead);
    return rebut_output_print(to->out, ",\"model\":\"%s\",\"as_of\":\"%s\"}\n",
                              to->scores->model->version, as_of);
}

bool rebut_groups_write_ndjson(const struct rebut_groups *groups,
                               const struct rebut_scores *scores,
                               enum rebut_language language, struct rebut_output *out)
{
    const struct writer to = {groups, scores, language, out};
    for (uint32_t i = 0; i < groups->count; i++)
        if (!write_lead(&to, i))
            return false;
    return true;
}

/* ---- a table ---- */

#define COLUMNS 11
#define WIDTH 10

/* [column][English, Chinese] */
static const char *const headings[COLUMNS][2] = {
    {"group", "组"},       {"accounts", "账号"}, {"with key", "有共用"},
    {"merchants", "商家"}, {"items", "商品"},    {"requests", "申请"},
    {"yuan", "金额(元)"},  {"P(abuse)", "概率"}, {"q", "q"},
    {"first", "最早"},     {"last", "最近"},
};

static void print_cell(const struct writer *to, const char *text)
{
    rebut_output_padded(to->out, text, -WIDTH);
    rebut_output_print(to->out, " ");
}

static void print_count(const struct writer *to, uint64_t count)
{
    rebut_output_print(to->out, "%*" PRIu64 " ", WIDTH, count);
}

static void print_day(const struct writer *to, int64_t at)
{
    char text[REBUT_TIME_SIZE];
    rebut_time_format(at, 0, text);
    rebut_output_print(to->out, "%.10s ", text);
}

static void print_row(const struct writer *to, uint32_t number)
{
    const struct rebut_lead *lead = &to->groups->list[number];
    print_count(to, number + 1);
    print_count(to, lead->count);
    print_count(to, lead->linked);
    print_count(to, lead->merchants);
    print_count(to, lead->items);
    print_count(to, lead->requests);
    rebut_output_print(to->out, "%*.2f %*.3f %*.3f ", WIDTH, (double)lead->amount / 100,
                       WIDTH, lead->probability, WIDTH, lead->q_value);
    print_day(to, lead->first_at);
    print_day(to, lead->last_at);
    rebut_output_print(to->out, "\n");
}

static void print_under(const struct writer *to, const struct rebut_lead *lead)
{
    char text[REBUT_GROUPS_SENTENCE_SIZE];
    rebut_output_print(to->out, "           ");
    for (uint32_t i = 0; i < lead->count; i++) {
        const struct rebut_lead_member *member = members_of(to, lead) + i;
        rebut_output_print(to->out, i > 0 ? " " : "");
        rebut_output_text(to->out,
                          rebut_intern_text(&state_of(to)->buyer_ids, member->buyer));
        rebut_output_print(to->out, member->linked ? "*" : "");
    }
    rebut_output_print(to->out, "\n");
    for (int i = 0; rebut_lead_for_members(lead, i, to->language, text); i++)
        rebut_output_print(to->out, "           + %s\n", text);
}

bool rebut_groups_write_table(const struct rebut_groups *groups,
                              const struct rebut_scores *scores,
                              enum rebut_language language, struct rebut_output *out)
{
    const struct writer to = {groups, scores, language, out};
    const bool chinese = language == REBUT_CHINESE;
    if (groups->count == 0)
        return rebut_output_print(
            out, "%s\n",
            chinese ? "未发现：没有比偶然更密集的账号组"
                    : "none found: no group of accounts is denser than chance makes");
    for (int i = 0; i < COLUMNS; i++)
        print_cell(&to, headings[i][chinese]);
    rebut_output_print(out, "\n");
    for (uint32_t i = 0; i < groups->count; i++) {
        print_row(&to, i);
        print_under(&to, &groups->list[i]);
    }
    return rebut_output_print(
        out, "\n%s\n%s\n",
        chinese ? "* 与组内另一账号共用设备、地址或支付账号；+ 支持成员的事实；q "
                  "为此组及以上各组中预计属偶然的比例"
                : "* shares a device, address or payment account with another of the "
                  "group; + speaks for the members; q: expected share of chance among "
                  "this group and those above",
        rebut_groups_caution(language));
}
