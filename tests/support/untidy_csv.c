#include "untidy_csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW_MAX 160

struct maker {
    struct untidy_csv *csv;
    uint64_t state;
    const char *line_end;
    size_t last; /* where the last sale's row begins */
    size_t last_size;
    unsigned minute; /* of the shop's year */
};

static unsigned dice(struct maker *maker, unsigned sides)
{
    maker->state = maker->state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (unsigned)(maker->state >> 33) % sides;
}

static void put(struct maker *maker, const char *row)
{
    const size_t size = strlen(row);
    struct untidy_csv *csv = maker->csv;
    memcpy(csv->text + csv->size, row, size);
    csv->size += size;
    memcpy(csv->text + csv->size, maker->line_end, strlen(maker->line_end));
    csv->size += strlen(maker->line_end);
}

/* A row; `mark` is "C" for a credit note. */
static void put_row(struct maker *maker, const char *mark, size_t sku, int quantity,
                    const char *price, const char *buyer)
{
    static const char *const names[] = {"CANDLE",         "\"TEA SET, WHITE\"",
                                        "5\" PLATE",      "\"THE \"\"KING\"\" MUG\"",
                                        "\"TWO\nLINES\"", ""};
    char row[ROW_MAX];
    char quoted[32];
    maker->minute += 1 + dice(maker, 9);
    const bool quotes = dice(maker, 4) == 0 || strchr(price, ',') != NULL;
    snprintf(quoted, sizeof quoted, "%s%s%s", quotes ? "\"" : "", price,
             quotes ? "\"" : "");
    snprintf(row, sizeof row, "%s%zu,S%06zu,%s,%d,2011-%02u-%02u %02u:%02u:00,%s,%s",
             mark, 500000 + maker->csv->rows, sku, names[dice(maker, 6)], quantity,
             1 + maker->minute / 40320 % 12, 1 + maker->minute / 1440 % 28,
             maker->minute / 60 % 24, maker->minute % 60, quoted, buyer);
    put(maker, row);
}

/* One row of some sort. */
static void make_row(struct maker *maker, size_t sku, char *open_buyer, size_t *open_sku)
{
    struct untidy_csv *csv = maker->csv;
    char buyer[16];
    snprintf(buyer, sizeof buyer, "%u", 12000 + dice(maker, 300));
    const unsigned sort = dice(maker, 100);
    if (sort < 4) {
        put_row(maker, "", sku, 3, "1.25", "");
        csv->no_buyer++;
    } else if (sort < 6) {
        put_row(maker, "", sku, -2, "1.25", buyer);
        csv->negative++;
    } else if (sort < 9 && maker->last_size > 0) {
        char row[ROW_MAX] = "";
        memcpy(row, csv->text + maker->last, maker->last_size);
        put(maker, row);
        csv->duplicate++;
    } else if (sort < 11) {
        put_row(maker, "", sku, 1, dice(maker, 2) == 0 ? "0" : "0.0", buyer);
        csv->no_price++;
    } else if (sort < 14) {
        put_row(maker, "C", sku, -1, "2.10", buyer);
        csv->no_purchase++;
    } else if (sort < 16) {
        put(maker, ",,,,,,");
        csv->blank++;
    } else if (sort < 22 && open_buyer[0] != '\0') {
        put_row(maker, "C", *open_sku, -2, "3.99", open_buyer);
        csv->credits++;
        open_buyer[0] = '\0';
    } else {
        maker->last = csv->size;
        put_row(maker, "", sku, 6, dice(maker, 3) == 0 ? "1,003.99" : "3.99", buyer);
        maker->last_size = csv->size - maker->last - strlen(maker->line_end);
        csv->sales++;
        memcpy(open_buyer, buyer, sizeof buyer);
        *open_sku = sku;
    }
    csv->rows++;
}

struct untidy_csv untidy_csv_make(uint64_t seed, size_t rows, bool crlf)
{
    struct untidy_csv csv = {.text = malloc(rows * (ROW_MAX + 2) + ROW_MAX)};
    struct maker maker = {.csv = &csv, .state = seed, .line_end = crlf ? "\r\n" : "\n"};
    char open_buyer[16] = "";
    size_t open_sku = 0;
    if (csv.text == NULL)
        abort();
    if (crlf) {
        memcpy(csv.text, "\xef\xbb\xbf", 3);
        csv.size = 3;
    }
    put(&maker,
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID");
    for (size_t i = 0; i < rows; i++)
        make_row(&maker, i, open_buyer, &open_sku);
    return csv;
}

void untidy_csv_free(struct untidy_csv *csv)
{
    free(csv->text);
    *csv = (struct untidy_csv){0};
}
