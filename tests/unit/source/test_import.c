/* From spreadsheets to events: what each cell becomes, and that every row is accounted
 * for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "rebut/import.h"
#include "untidy_csv.h"

/* What came out, as text: event lines, then "LINE reason field" of what was aside. */
struct result {
    char *events, *asides;
    size_t events_size, asides_size, room;
    struct rebut_import_summary summary;
};

static bool keep_event(void *context, struct rebut_text line)
{
    struct result *result = context;
    assert_true(result->events_size + line.size + 2 < result->room);
    memcpy(result->events + result->events_size, line.data, line.size);
    result->events_size += line.size;
    result->events[result->events_size++] = '\n';
    result->events[result->events_size] = '\0';
    return true;
}

static bool keep_aside(void *context, const struct rebut_aside *aside)
{
    struct result *result = context;
    assert_non_null(aside->expected);
    assert_true(result->asides_size + 128 < result->room);
    result->asides_size +=
        (size_t)snprintf(result->asides + result->asides_size, 128, "%" PRIu64 " %s %s\n",
                         aside->line, aside->reason, aside->field);
    return true;
}

static struct rebut_import_map *parse(const char *json)
{
    struct rebut_error err = {0};
    struct rebut_import_map *map = rebut_import_map_parse(rebut_text_of(json), &err);
    if (map == NULL)
        fail_msg("%s", err.message);
    return map;
}

static struct result import_text(const char *json, struct rebut_text text)
{
    struct result result = {.room = text.size * 8 + 65536};
    struct rebut_error err = {0};
    struct rebut_csv csv;
    struct rebut_import_map *map = parse(json);
    const struct rebut_csv_options options = rebut_import_map_options(map);
    const struct rebut_import_sink sink = {&result, keep_event, keep_aside};
    result.events = calloc(1, result.room);
    result.asides = calloc(1, result.room);
    assert_true(result.events != NULL && result.asides != NULL);
    if (!rebut_csv_open_bytes(&csv, text, &options, &err) ||
        !rebut_import_run(map, &csv, &sink, &result.summary, &err))
        fail_msg("%s", err.message);
    assert_int_equal(result.summary.rows,
                     result.summary.taken + result.summary.aside + result.summary.blank);
    rebut_csv_release(&csv);
    rebut_import_map_free(map);
    return result;
}

static void free_result(struct result *result)
{
    free(result->events);
    free(result->asides);
}

static void expect_import(const char *json, const char *text, const char *events,
                          const char *asides)
{
    struct result result = import_text(json, rebut_text_of(text));
    assert_string_equal(result.events, events);
    assert_string_equal(result.asides, asides);
    free_result(&result);
}

#define PRICES                                                                           \
    "{\"offset\":\"+00:00\",\"times\":[\"epoch\"],\"events\":[{\"type\":\"price\","      \
    "\"fields\":{\"at\":\"t\",\"sku_id\":{\"constant\":\"s\"},\"price\":%s}}]}"

/* The minor units that a cell of money becomes under VALUE, or -1 when refused. */
static int64_t money_of(const char *value, const char *cell)
{
    char json[512];
    char text[512];
    snprintf(json, sizeof json, PRICES, value);
    snprintf(text, sizeof text, "t;p;q\n7;\"%s\";3\n", cell);
    struct result result = import_text(json, rebut_text_of(text));
    int64_t units = -1;
    const char *found = strstr(result.events, "\"price\":");
    if (found != NULL)
        sscanf(found, "\"price\":%" SCNd64, &units);
    free_result(&result);
    return units;
}

static void money_is_exact_whatever_surrounds_it(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        int64_t units;
    } cases[] = {
        {"1.69", 169},
        {"0.1", 10},
        {"12", 1200},
        {"¥1,299.00", 129900},
        {"￥ 9.9", 990},
        {"9.90元", 990},
        {"£3.75", 375},
        {"1,234,567.89", 123456789},
        {"1 234.50", 123450},
        {"CNY 5", 500},
        {"0.005", 1},
        {"0.0049", 0},
        {".5", 50},
        {"5.", 500},
        {"1,23", -1},
        {"1234,567", -1},
        {"1,2345", -1},
        {"abc", -1},
        {"1.2.3", -1},
        {"-5", -1},
        {"(5)", -1},
        {"--5", -1},
        {"1e3", -1},
        {"¥", -1},
        {"9999999999.99", 999999999999},
        {"99999999999999.99", -1},
        {"0", 0},
        {"12345678901234567890", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (money_of("\"p\"", cases[i].cell) != cases[i].units)
            fail_msg("'%s' gave %" PRId64, cases[i].cell,
                     money_of("\"p\"", cases[i].cell));
}

static void magnitudes_products_and_other_decimals(void **state)
{
    (void)state;
    const char *absolute = "{\"column\":\"p\",\"absolute\":true}";
    assert_int_equal(money_of(absolute, "-5.25"), 525);
    assert_int_equal(money_of(absolute, "(1,000.00)"), 100000);
    assert_int_equal(money_of(absolute, "5.25-"), 525);
    assert_int_equal(money_of(absolute, "−3"), 300);
    const char *product = "{\"column\":\"p\",\"multiply\":\"q\"}";
    assert_int_equal(money_of(product, "1.69"), 507);
    assert_int_equal(money_of(product, "0.001"), 0); /* 0.003 */
    assert_int_equal(money_of(product, "0.002"), 1); /* 0.006: rounded once, at the end */
    expect_import("{\"offset\":\"+00:00\",\"times\":[\"epoch\"],\"decimal\":\",\","
                  "\"events\":[{\"type\":\"price\",\"fields\":{\"at\":\"t\",\"sku_id\":"
                  "\"s\",\"price\":\"p\"}}]}",
                  "t;s;p\n1;a;1.234,5 €\n1;b;1,50\n1;c;1.5\n",
                  "{\"type\":\"price\",\"at\":\"1970-01-01T00:00:01Z\",\"sku_id\":\"a\","
                  "\"price\":123450}\n"
                  "{\"type\":\"price\",\"at\":\"1970-01-01T00:00:01Z\",\"sku_id\":\"b\","
                  "\"price\":150}\n",
                  "4 bad_money price\n");
}

/* The `at` that a cell becomes at +08:00 with the formats, or "". */
static const char *time_of(const char *formats, const char *cell)
{
    static char words[64];
    char json[512];
    char text[256];
    words[0] = '\0';
    snprintf(json, sizeof json,
             "{\"offset\":\"+08:00\",\"times\":%s,\"events\":[{\"type\":\"price\","
             "\"fields\":{\"at\":\"t\",\"sku_id\":{\"constant\":\"s\"},\"price\":"
             "{\"constant\":\"1\"}}}]}",
             formats);
    snprintf(text, sizeof text, "t,p\n%s,1\n", cell);
    struct result result = import_text(json, rebut_text_of(text));
    const char *found = strstr(result.events, "\"at\":\"");
    if (found != NULL)
        sscanf(found, "\"at\":\"%63[^\"]", words);
    free_result(&result);
    return words;
}

static void local_times_get_the_stated_offset(void **state)
{
    (void)state;
    const char *several = "[\"%Y-%m-%d %H:%M:%S\",\"%Y/%m/%d %H:%M\",\"%d %b %Y\","
                          "\"%Y年%m月%d日 %p%I:%M\",\"%Y-%m-%dT%H:%M:%S.%f%z\","
                          "\"excel\"]";
    assert_string_equal(time_of(several, "2026-06-01 09:05:07"),
                        "2026-06-01T09:05:07+08:00");
    assert_string_equal(time_of(several, "2026/6/1 9:05"), "2026-06-01T09:05:00+08:00");
    assert_string_equal(time_of(several, "3 Mar 2026"), "2026-03-03T00:00:00+08:00");
    assert_string_equal(time_of(several, "2026年6月1日 下午3:07"),
                        "2026-06-01T15:07:00+08:00");
    assert_string_equal(time_of(several, "2026年6月1日 上午12:07"),
                        "2026-06-01T00:07:00+08:00");
    assert_string_equal(time_of(several, "2026-06-01T01:00:00.25Z"),
                        "2026-06-01T09:00:00.250000+08:00");
    assert_string_equal(time_of(several, "45810.5"), "2025-06-02T12:00:00+08:00");
    assert_string_equal(time_of(several, "45810.354166666664"),
                        "2025-06-02T08:30:00+08:00");
    assert_string_equal(time_of("[\"epoch_ms\"]", "1500"),
                        "1970-01-01T08:00:01.500000+08:00");
    assert_string_equal(time_of(several, "2026-02-29 09:05:07"), "");
    assert_string_equal(time_of(several, "2026-06-01 09:05:07 x"), "");
    assert_string_equal(time_of(several, "2026-06-01 24:00:00"), "");
    assert_string_equal(time_of(several, "12"), "");
    assert_string_equal(time_of(several, ""), "");
    assert_string_equal(time_of(several, "1960/6/1 9:05"), "");
}

#define SHOP                                                                             \
    "{\"offset\":\"+00:00\",\"identical_rows\":\"aside\",\"aside\":["                    \
    "{\"when\":{\"column\":\"CustomerID\",\"empty\":true},\"reason\":\"no_buyer\"},"     \
    "{\"when\":{\"column\":\"UnitPrice\",\"below\":0.000001},\"reason\":\"no_price\"}]," \
    "\"events\":[{\"type\":\"request\",\"when\":{\"column\":\"InvoiceNo\",\"starts\":"   \
    "\"C\"},\"fields\":{\"at\":\"InvoiceDate\",\"request_id\":{\"columns\":["            \
    "\"InvoiceNo\",\"StockCode\"],\"join\":\"-\",\"ordinal\":true},\"kind\":{"           \
    "\"constant\":\"refund_only\"},\"reason\":{\"constant\":\"other\"},\"amount\":{"     \
    "\"column\":\"UnitPrice\",\"multiply\":\"Quantity\",\"absolute\":true}},\"match\":{" \
    "\"buyer_id\":\"CustomerID\",\"sku_id\":\"StockCode\",\"quantity\":{\"column\":"     \
    "\"Quantity\",\"absolute\":true}}},{\"type\":\"order\",\"when\":{\"column\":"        \
    "\"InvoiceNo\",\"starts_not\":\"C\"},\"fields\":{\"at\":\"InvoiceDate\","            \
    "\"order_id\":{\"columns\":[\"InvoiceNo\",\"StockCode\"],\"join\":\"-\","            \
    "\"ordinal\":true},\"buyer_id\":\"CustomerID\",\"merchant_id\":{\"constant\":"       \
    "\"m\"},\"sku_id\":\"StockCode\",\"category\":{\"constant\":\"gift\"},\"channel\":{" \
    "\"constant\":\"shelf\"},\"quantity\":\"Quantity\",\"amount\":{\"column\":"          \
    "\"UnitPrice\",\"multiply\":\"Quantity\"}}}]}"

static uint64_t reason_count(const struct result *result, const char *word)
{
    for (size_t i = 0; i < result->summary.reason_count; i++)
        if (strcmp(result->summary.reasons[i].word, word) == 0)
            return result->summary.reasons[i].rows;
    return 0;
}

static void every_row_of_an_untidy_export_is_accounted_for(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct untidy_csv csv = untidy_csv_make(seed, 1500, seed % 2 == 0);
        struct result result = import_text(SHOP, (struct rebut_text){csv.text, csv.size});
        assert_int_equal(result.summary.rows, csv.rows);
        assert_int_equal(result.summary.blank, csv.blank);
        assert_int_equal(result.summary.events[REBUT_EVENT_ORDER], csv.sales);
        assert_int_equal(result.summary.events[REBUT_EVENT_REQUEST], csv.credits);
        assert_int_equal(result.summary.matched, csv.credits);
        assert_int_equal(reason_count(&result, "no_buyer"), csv.no_buyer);
        assert_int_equal(reason_count(&result, "no_price"), csv.no_price);
        assert_int_equal(reason_count(&result, "negative"), csv.negative);
        assert_int_equal(reason_count(&result, "duplicate"), csv.duplicate);
        assert_int_equal(reason_count(&result, "no_purchase"), csv.no_purchase);
        assert_true(csv.credits > 20 && csv.duplicate > 10 && csv.no_purchase > 10);
        free_result(&result);
        untidy_csv_free(&csv);
    }
}

static void events_come_in_order_of_time_and_requests_know_their_item(void **state)
{
    (void)state;
    struct untidy_csv csv = untidy_csv_make(99, 2000, true);
    struct result result = import_text(SHOP, (struct rebut_text){csv.text, csv.size});
    char before[64] = "";
    for (char *line = strtok(result.events, "\n"); line != NULL;
         line = strtok(NULL, "\n")) {
        char at[64], request[64], order[64];
        assert_int_equal(sscanf(strstr(line, "\"at\":\""), "\"at\":\"%63[^\"]", at), 1);
        assert_true(strcmp(before, at) <= 0);
        snprintf(before, sizeof before, "%s", at);
        if (strstr(line, "\"request\"") == NULL)
            continue;
        assert_int_equal(sscanf(strstr(line, "\"request_id\""),
                                "\"request_id\":\"%*[^-]-%63[^\"]", request),
                         1);
        assert_int_equal(
            sscanf(strstr(line, "\"order_id\""), "\"order_id\":\"%*[^-]-%63[^\"]", order),
            1);
        assert_string_equal(request, order);
    }
    free_result(&result);
    untidy_csv_free(&csv);
}

#define HEAD "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n"

/* The order that each credit note went to, in order of time: "C1>1 C2>- ". */
static const char *matches_of(const char *rows)
{
    static char words[512];
    char text[2048];
    size_t used = 0;
    snprintf(text, sizeof text, "%s%s", HEAD, rows);
    struct result result = import_text(SHOP, rebut_text_of(text));
    words[0] = '\0';
    for (const char *at = result.events; (at = strstr(at, "\"request_id\":\"")) != NULL;
         at++) {
        char request[32], order[32];
        assert_int_equal(sscanf(at, "\"request_id\":\"%31[^\"]", request), 1);
        assert_int_equal(
            sscanf(strstr(at, "\"order_id\""), "\"order_id\":\"%31[^\"]", order), 1);
        used +=
            (size_t)snprintf(words + used, sizeof words - used, "%s>%s ", request, order);
    }
    snprintf(words + used, sizeof words - used, "%s", result.asides);
    free_result(&result);
    return words;
}

static void a_credit_note_is_about_the_latest_earlier_purchase(void **state)
{
    (void)state;
    assert_string_equal(matches_of("1,a,5,2011-01-01 10:00,1,B\n"
                                   "2,a,5,2011-01-02 10:00,1,B\n"
                                   "C9,a,-1,2011-01-03 10:00,1,B\n"
                                   "3,a,5,2011-01-04 10:00,1,B\n"),
                        "C9-a>2-a ");
    /* not another buyer's, not another item, not a later one */
    assert_string_equal(matches_of("1,a,5,2011-01-01 10:00,1,X\n"
                                   "2,b,5,2011-01-02 10:00,1,B\n"
                                   "C9,a,-1,2011-01-03 10:00,1,B\n"
                                   "3,a,5,2011-01-04 10:00,1,B\n"),
                        "4 no_purchase order_id\n");
    /* the same minute counts as earlier, wherever the row stands */
    assert_string_equal(matches_of("C9,a,-1,2011-01-03 10:00,1,B\n"
                                   "3,a,5,2011-01-03 10:00,1,B\n"),
                        "C9-a>3-a ");
}

static void an_order_comes_before_the_request_of_the_same_minute(void **state)
{
    (void)state;
    struct result result =
        import_text(SHOP, REBUT_TEXT(HEAD "C9,a,-1,2011-01-03 10:00,1,B\n"
                                          "3,a,5,2011-01-03 10:00,1,B\n"));
    const char *order = strstr(result.events, "\"type\":\"order\"");
    const char *request = strstr(result.events, "\"type\":\"request\"");
    assert_true(order != NULL && request != NULL && order < request);
    free_result(&result);
}

static void a_purchase_is_given_back_once(void **state)
{
    (void)state;
    assert_string_equal(matches_of("1,a,2,2011-01-01 10:00,1,B\n"
                                   "2,a,2,2011-01-02 10:00,1,B\n"
                                   "C7,a,-1,2011-01-03 10:00,1,B\n"
                                   "C8,a,-1,2011-01-04 10:00,1,B\n"
                                   "C9,a,-1,2011-01-05 10:00,1,B\n"
                                   "C9,a,-5,2011-01-06 10:00,1,B\n"
                                   "C9,a,-2,2011-01-07 10:00,1,B\n"),
                        "C7-a>2-a C8-a>2-a C9-a>1-a C9-a#2>1-a 8 no_purchase order_id\n");
}

#define DOUBLE_MAP                                                                       \
    "{\"offset\":\"+08:00\",\"events\":[{\"type\":\"price\",\"fields\":{\"at\":\"t\","   \
    "\"sku_id\":{\"column\":\"id\",\"prefix\":\"k\",\"ordinal\":true},\"price\":\"p\"}}" \
    ","                                                                                  \
    "{\"type\":\"price\",\"when\":{\"column\":\"p\",\"above\":1},\"fields\":{\"at\":"    \
    "\"t\",\"sku_id\":{\"column\":\"id\",\"prefix\":\"k\",\"ordinal\":true},\"price\":"  \
    "{\"constant\":\"0\"}}}]}"

static void ids_of_one_row_agree_and_repeats_are_numbered(void **state)
{
    (void)state;
    struct result result = import_text(
        DOUBLE_MAP, REBUT_TEXT("t,id,p\n2026-01-01 00:00,x,1\n2026-01-02 00:00,=\"x\",2\n"
                               "2026-01-03 00:00,'x,3\n2026-01-04 00:00,1.23E+17,3\n"));
    assert_int_equal(result.summary.events[REBUT_EVENT_PRICE], 5);
    assert_non_null(strstr(result.events, "\"kx\",\"price\":100}"));
    assert_non_null(strstr(result.events, "\"kx#2\",\"price\":200}"));
    assert_non_null(strstr(result.events, "\"kx#2\",\"price\":0}"));
    assert_non_null(strstr(result.events, "\"kx#3\",\"price\":300}"));
    assert_string_equal(result.asides, "5 rounded_id sku_id\n");
    free_result(&result);
}

#define WORDS_MAP                                                                         \
    "{\"offset\":\"+08:00\",\"encoding\":\"auto\",\"events\":[{\"type\":\"request\","     \
    "\"when\":{\"column\":\"退款类型\",\"not\":[\"\",\"无\"]},\"fields\":{\"at\":"   \
    "\"时间\",\"request_id\":\"编号\",\"order_id\":\"订单\",\"kind\":{\"column\":"  \
    "\"退款类型\",\"values\":{\"仅退款\":\"refund_only\",\"退货退款\":"        \
    "\"return_refund\"}},\"reason\":{\"column\":\"原因\",\"values\":{\"质量问题\":" \
    "\"quality\"},\"otherwise\":\"other\",\"empty\":\"other\"},\"amount\":\"金额\"}}]}"

#define WORDS_TEXT                                                                       \
    "编号,订单,退款类型,原因,金额,时间\n"                                  \
    "r1,o1,仅退款,质量问题,¥5.00,2026/6/1 9:05\n"                                \
    "r2,o2,退货退款,心情不好,6,2026/6/1 9:06\n"                                  \
    "r3,o3,极速退,,6,2026/6/1 9:06\n"                                                 \
    "r4,o4,无,,6,2026/6/1 9:06\n"                                                       \
    ",o5,仅退款,,6,2026/6/1 9:06\n"

#define WORDS_EVENTS                                                                     \
    "{\"type\":\"request\",\"at\":\"2026-06-01T09:05:00+08:00\",\"request_id\":\"r1\","  \
    "\"order_id\":\"o1\",\"kind\":\"refund_only\",\"reason\":\"quality\",\"amount\":"    \
    "500}\n"                                                                             \
    "{\"type\":\"request\",\"at\":\"2026-06-01T09:06:00+08:00\",\"request_id\":\"r2\","  \
    "\"order_id\":\"o2\",\"kind\":\"return_refund\",\"reason\":\"other\",\"amount\":"    \
    "600}\n"

#define WORDS_ASIDES "4 bad_value kind\n5 no_rule \n6 missing_field request_id\n"

static void platform_words_become_the_vocabulary(void **state)
{
    (void)state;
    expect_import(WORDS_MAP, WORDS_TEXT, WORDS_EVENTS, WORDS_ASIDES);
}

static void a_gb18030_file_gives_the_same_events(void **state)
{
    (void)state;
    /* WORDS_TEXT in GB18030 */
    static const char text[] =
        "\xb1\xe0\xba\xc5,\xb6\xa9\xb5\xa5,\xcd\xcb\xbf\xee\xc0\xe0\xd0\xcd,"
        "\xd4\xad\xd2\xf2,"
        "\xbd\xf0\xb6\xee,\xca\xb1\xbc\xe4\r\n"
        "r1,o1,\xbd\xf6\xcd\xcb\xbf\xee,\xd6\xca\xc1\xbf\xce\xca\xcc\xe2,"
        "\xa3\xa4"
        "5.00,2026/6/1 9:05\r\n";
    struct result result = import_text(WORDS_MAP, REBUT_TEXT(text));
    assert_int_equal(result.summary.taken, 1);
    assert_memory_equal(result.events, WORDS_EVENTS, result.events_size);
    free_result(&result);
}

static void rows_that_cannot_be_read_are_set_aside(void **state)
{
    (void)state;
    struct result result =
        import_text(WORDS_MAP, REBUT_TEXT("编号,订单,退款类型,原因,金额,时间\n"
                                          "\"r1,o1,仅退款,质量问题,5,2026/6/1 9:05\n"
                                          "r2,o2\n"
                                          "\n,,,,,\n"
                                          "r3,o3,仅退款,质量问题,5,2026/6/1 9:05\n"));
    assert_string_equal(result.asides, "2 bad_row \n3 no_rule \n");
    assert_int_equal(result.summary.blank, 2);
    assert_int_equal(result.summary.taken, 1);
    free_result(&result);
}

static void expect_bad_map(const char *json, const char *words)
{
    struct rebut_error err = {0};
    struct rebut_import_map *map = rebut_import_map_parse(rebut_text_of(json), &err);
    if (map != NULL || err.code != REBUT_EDATA || strstr(err.message, words) == NULL)
        fail_msg("expected '%s', got '%s'", words, err.message);
}

static void a_slip_in_a_map_is_named(void **state)
{
    (void)state;
#define EVENT(fields)                                                                    \
    "{\"offset\":\"+08:00\",\"events\":[{\"type\":\"order\",\"fields\":" fields "}]}"
    expect_bad_map("", "line 1");
    expect_bad_map("[]", "expected an object");
    expect_bad_map("{\"offset\":\"+08:00\",\"event\":[]}", "no key 'event'");
    expect_bad_map("{\"events\":[]}", "'offset'");
    expect_bad_map("{\"offset\":\"8\",\"events\":[]}", "'offset'");
    expect_bad_map("{\"offset\":\"+08:00\",\"events\":[]}",
                   "'events': expected an array");
    expect_bad_map("{\"offset\":\"+08:00\",\"times\":[\"%Q\"],\"events\":[]}", "'%Q'");
    expect_bad_map(EVENT("{\"amout\":\"x\"}"), "'events' number 1: no field 'amout'");
    expect_bad_map(EVENT("{\"amount\":{\"column\":\"x\",\"sum\":1}}"),
                   "field 'amount': no key 'sum'");
    expect_bad_map(EVENT("{\"amount\":{}}"), "expected 'column'");
    expect_bad_map(EVENT("{\"title\":{\"column\":\"x\",\"multiply\":\"q\"}}"),
                   "for money");
    expect_bad_map(EVENT("{\"title\":{\"column\":\"x\",\"values\":{\"a\":1}}}"),
                   "'values'");
    expect_bad_map("{\"offset\":\"+08:00\",\"events\":[{\"type\":\"ordr\"}]}", "'type'");
    expect_bad_map("{\"offset\":\"+08:00\",\"aside\":[{\"when\":{\"column\":\"x\",\"is\":"
                   "\"a\",\"not\":\"b\"},\"reason\":\"r\"}],\"events\":[]}",
                   "one of: is not");
}

static void a_column_that_is_not_there_fails_the_import(void **state)
{
    (void)state;
    struct rebut_error err = {0};
    struct rebut_csv csv;
    struct rebut_import_summary summary;
    struct rebut_import_map *map = parse(WORDS_MAP);
    const struct rebut_import_sink sink = {NULL, keep_event, keep_aside};
    const struct rebut_csv_options options = {0};
    assert_true(
        rebut_csv_open_bytes(&csv, REBUT_TEXT("编号,订单\n1,2\n"), &options, &err));
    assert_false(rebut_import_run(map, &csv, &sink, &summary, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    assert_non_null(strstr(err.message, "expected one column '退款类型'"));
    rebut_csv_release(&csv);
    rebut_import_map_free(map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_is_exact_whatever_surrounds_it),
        cmocka_unit_test(magnitudes_products_and_other_decimals),
        cmocka_unit_test(local_times_get_the_stated_offset),
        cmocka_unit_test(every_row_of_an_untidy_export_is_accounted_for),
        cmocka_unit_test(events_come_in_order_of_time_and_requests_know_their_item),
        cmocka_unit_test(a_credit_note_is_about_the_latest_earlier_purchase),
        cmocka_unit_test(an_order_comes_before_the_request_of_the_same_minute),
        cmocka_unit_test(a_purchase_is_given_back_once),
        cmocka_unit_test(ids_of_one_row_agree_and_repeats_are_numbered),
        cmocka_unit_test(platform_words_become_the_vocabulary),
        cmocka_unit_test(a_gb18030_file_gives_the_same_events),
        cmocka_unit_test(rows_that_cannot_be_read_are_set_aside),
        cmocka_unit_test(a_slip_in_a_map_is_named),
        cmocka_unit_test(a_column_that_is_not_there_fails_the_import),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
