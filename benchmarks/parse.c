/* How long does it take to turn a line into an event, and how much longer with jansson?
 *
 * Lines like those of a Chinese platform are made up (a fixed seed; half orders, half
 * requests, about 630 bytes each), then parsed by rebut_event_parse and by json_loadb
 * in turns, the same lines in the same process, so that what else the machine does
 * falls on both; processor time is counted.  Printed are the medians over the rounds, and
 * the fastest round, which is what a machine with nothing else to do comes to.  jansson's
 * time is to its tree alone: no field is looked up, checked or converted.
 *
 *     parse [ROUNDS [FILE]]     201 rounds; FILE: lines to use instead, as NDJSON
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <jansson.h>

#include "rebut/event.h"

/* 1.3 MB, as in a reader's block: more than the processor learns by heart. */
#define LINES 2048
#define LINE_ROOM 2048
#define ROUNDS_MAX 1001

struct lines {
    char *data;
    struct rebut_text *lines;
    size_t count, bytes;
};

static uint64_t state = 618;

static unsigned below(unsigned bound)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((state >> 33) % bound);
}

static const char *one_of(const char *const *words, unsigned count)
{
    return words[below(count)];
}

#define ONE_OF(words) one_of((words), sizeof(words) / sizeof *(words))

static const char *const goods[] = {
    "三只松鼠每日坚果大礼包混合果仁零食", "纯棉四件套床上用品被套床单",
    "新疆阿克苏冰糖心苹果 脆甜多汁",      "儿童保温杯316不锈钢带吸管水杯",
    "无线蓝牙耳机降噪长续航 Pro 版",      "加厚抽纸家用实惠装整箱批发",
    "法式复古碎花连衣裙女夏季新款",       "智利进口车厘子 JJ 级 顺丰冷链",
};
static const char *const extras[] = {
    " 500g*2袋装",          "(顺丰包邮)", "【官方旗舰店】", "·送礼礼盒",
    " 限时特价 618 到手价", "2026新款",   " 买一送一",      "100%正品保障",
};
static const char *const complaints[] = {
    "收到货打开一看就坏了,包装也是破的,", "跟描述的完全不一样,图片上看着挺好,",
    "客服一直不回复,等了三天了!",         "少发了一件,联系商家说没有库存,",
    "有一股很重的味道,孩子不敢用,",       "要求仅退款,东西已经扔了没法退,",
    "水果烂了 3 个,剩下的也不新鲜😡,",     "质量太差了,用了两次就断了,",
    "快递 5 天才到,冰袋都化了,",
};
static const char *const channels[] = {"shelf", "livestream", "short_video", "social",
                                       "private_domain"};
static const char *const categories[] = {"food.snack", "food.fresh.fruit", "home.textile",
                                         "digital.audio", "apparel.dress"};
static const char *const reasons[] = {"damaged",      "quality",       "not_as_described",
                                      "missing_item", "late_delivery", "other"};
static const char *const kinds[] = {"refund_only", "refund_only", "return_refund"};

/* A line being written. */
struct line {
    char text[LINE_ROOM];
    size_t size;
};

REBUT_PRINTF(2, 3) static void put(struct line *line, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    line->size +=
        (size_t)vsnprintf(line->text + line->size, LINE_ROOM - line->size, format, words);
    va_end(words);
    if (line->size >= LINE_ROOM)
        exit(1);
}

static void put_time(struct line *line, const char *key, unsigned days)
{
    put(line, ",\"%s\":\"2026-%02u-%02uT%02u:%02u:%02u+08:00\"", key, days / 28 % 12 + 1,
        days % 28 + 1, below(24), below(60), below(60));
}

static void put_order(struct line *line)
{
    const unsigned day = below(336), merchant = below(30000);
    put(line, "{\"type\":\"order\"");
    put_time(line, "at", day);
    put(line, ",\"order_id\":\"26%010u%06u\",\"buyer_id\":\"b%09u\"", below(1u << 31),
        below(1000000), below(100000000));
    put(line, ",\"merchant_id\":\"m%05u\",\"sku_id\":\"m%05u-s%03u\"", merchant, merchant,
        below(200));
    put(line, ",\"category\":\"%s\",\"channel\":\"%s\"", ONE_OF(categories),
        ONE_OF(channels));
    put(line, ",\"amount\":%u,\"quantity\":%u", below(10) ? below(20000) : below(900000),
        below(3) + 1);
    put(line, ",\"title\":\"%s%s%s\"", ONE_OF(goods), ONE_OF(extras), ONE_OF(extras));
    if (below(4) == 0)
        put(line, ",\"campaign\":\"618\"");
    if (below(4) == 0)
        put(line, ",\"host_id\":\"h%06u\"", below(50000));
    if (below(4) != 0)
        put(line, ",\"distributor\":\"hq/east/d%04u\"", below(5000));
    put(line, ",\"region\":\"CN-%02u\",\"device_id\":\"d%08x%08x\"", below(60) + 10,
        below(1u << 31), below(1u << 31));
    put(line, ",\"address_id\":\"a%08x\",\"payment_id\":\"p%08x\"", below(1u << 31),
        below(1u << 31));
    put_time(line, "promised_ship_at", day + 2);
    put_time(line, "account_created_at", below(336));
    put(line, "}");
}

static void put_request(struct line *line)
{
    put(line, "{\"type\":\"request\"");
    put_time(line, "at", below(336));
    put(line, ",\"request_id\":\"r%09u\",\"order_id\":\"26%010u%06u\"", below(1000000000),
        below(1u << 31), below(1000000));
    put(line, ",\"kind\":\"%s\",\"reason\":\"%s\",\"amount\":%u", ONE_OF(kinds),
        ONE_OF(reasons), below(10) ? below(20000) : below(900000));
    put(line, ",\"text\":\"");
    for (unsigned i = 0, count = 9 + below(6); i < count; i++)
        put(line, "%s", ONE_OF(complaints));
    put(line, "\"");
    const unsigned photos = below(5);
    for (unsigned i = 0; i < photos; i++)
        put(line, "%s\"%08x%08x\"", i == 0 ? ",\"photos\":[" : ",", below(1u << 31),
            below(1u << 31));
    put(line, photos > 0 ? "]}" : "}");
}

static struct lines make_lines(void)
{
    struct lines lines = {.data = malloc((size_t)LINES * LINE_ROOM),
                          .lines = malloc(LINES * sizeof *lines.lines),
                          .count = LINES};
    if (lines.data == NULL || lines.lines == NULL)
        exit(1);
    for (size_t i = 0; i < LINES; i++) {
        struct line line;
        line.size = 0;
        if (below(2))
            put_order(&line);
        else
            put_request(&line);
        char *place = lines.data + lines.bytes;
        memcpy(place, line.text, line.size);
        lines.lines[i] = (struct rebut_text){place, line.size};
        lines.bytes += line.size;
    }
    return lines;
}

static struct lines read_lines(const char *path)
{
    struct lines lines = {.data = malloc((size_t)1 << 28),
                          .lines = malloc(((size_t)1 << 20) * sizeof *lines.lines)};
    FILE *file = fopen(path, "r");
    if (file == NULL || lines.data == NULL || lines.lines == NULL) {
        perror(path);
        exit(1);
    }
    while (lines.count < (size_t)1 << 20 &&
           lines.bytes < ((size_t)1 << 28) - REBUT_LINE_MAX &&
           fgets(lines.data + lines.bytes, (int)REBUT_LINE_MAX, file) != NULL) {
        const size_t size = strcspn(lines.data + lines.bytes, "\n");
        lines.lines[lines.count++] = (struct rebut_text){lines.data + lines.bytes, size};
        lines.bytes += size;
    }
    fclose(file);
    return lines;
}

/* Processor time: what others run is not counted. */
static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The sums of the amounts: held against each other, so that both did read the lines. */
static int64_t parse_all(const struct lines *lines)
{
    static char room[1 << 16];
    int64_t sum = 0;
    for (size_t i = 0; i < lines->count; i++) {
        struct rebut_event_scratch scratch = {.data = room, .size = sizeof room};
        struct rebut_event event;
        struct rebut_refusal refusal;
        if (!rebut_event_parse(lines->lines[i], &scratch, &event, &refusal)) {
            fprintf(stderr, "parse: %s '%s': expected %s, got %s\n", refusal.reason,
                    refusal.field, refusal.expected, refusal.came);
            exit(1);
        }
        sum += event.amount;
    }
    return sum;
}

static int64_t digest_all(const struct lines *lines)
{
    static char room[1 << 16];
    uint64_t sum = 0;
    for (size_t i = 0; i < lines->count; i++) {
        struct rebut_event_scratch scratch = {.data = room, .size = sizeof room};
        struct rebut_event event;
        struct rebut_refusal refusal;
        if (rebut_event_parse(lines->lines[i], &scratch, &event, &refusal))
            sum += rebut_event_digest(&event);
    }
    return (int64_t)sum;
}

static int64_t load_all(const struct lines *lines)
{
    int64_t sum = 0;
    for (size_t i = 0; i < lines->count; i++) {
        json_t *json = json_loadb(lines->lines[i].data, lines->lines[i].size, 0, NULL);
        if (json == NULL)
            exit(1);
        const json_t *amount = json_object_get(json, "amount");
        sum +=
            json_integer_value(amount != NULL ? amount : json_object_get(json, "price"));
        json_decref(json);
    }
    return sum;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts the values. */
static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[count / 2];
}

int main(int count, char **arguments)
{
    static double ours[ROUNDS_MAX], digested[ROUNDS_MAX], theirs[ROUNDS_MAX];
    static double ratios[ROUNDS_MAX];
    int rounds = count > 1 ? (int)strtol(arguments[1], NULL, 10) : 201;
    if (rounds < 1 || rounds > ROUNDS_MAX)
        rounds = 201;
    const struct lines lines = count > 2 ? read_lines(arguments[2]) : make_lines();
    if (parse_all(&lines) != load_all(&lines)) {
        fprintf(stderr, "parse: the two parsers disagree\n");
        return 1;
    }
    volatile int64_t sum = 0; /* so that no work is left out */
    for (int round = 0; round < rounds; round++) {
        const double a = seconds();
        sum = parse_all(&lines);
        const double b = seconds();
        sum = load_all(&lines);
        const double c = seconds();
        sum = digest_all(&lines);
        const double d = seconds();
        ours[round] = (b - a) * 1e9 / (double)lines.count;
        theirs[round] = (c - b) * 1e9 / (double)lines.count;
        digested[round] = (d - c) * 1e9 / (double)lines.count;
        ratios[round] = (c - b) / (b - a);
    }
    (void)sum;
    const double size = (double)lines.bytes / (double)lines.count;
    const double ns = median(ours, rounds), jansson_ns = median(theirs, rounds);
    const double digest_ns = median(digested, rounds), ratio = median(ratios, rounds);
    printf("%zu lines of %.0f bytes, %d rounds\n", lines.count, size, rounds);
    printf("                       median ns  fastest ns  median MB/s\n");
    printf("rebut_event_parse      %9.1f  %10.1f  %11.0f\n", ns, ours[0],
           size / ns * 1e3);
    printf("  and digest           %9.1f  %10.1f\n", digest_ns, digested[0]);
    printf("jansson json_loadb     %9.1f  %10.1f  %11.0f\n", jansson_ns, theirs[0],
           size / jansson_ns * 1e3);
    printf("ratio                  %9.1f  %10.1f\n", ratio, theirs[0] / ours[0]);
    return 0;
}
