/* What buyer and merchant have done elsewhere, side by side. */
#include <inttypes.h>
#include <stdio.h>

#include "parts.h"
#include "rebut/table.h"

enum { LABEL = 30, FIGURE = -20 }; /* columns */

enum kind { COUNT, MONEY, DAY };

static const struct {
    enum rebut_case_record_column column;
    enum kind kind;
    const char *words[2];
} rows_of_table[] = {
    {REBUT_RECORD_ORDERS, COUNT, {"订单", "orders"}},
    {REBUT_RECORD_OTHERS, COUNT, {"往来的商家／买家", "different merchants / buyers"}},
    {REBUT_RECORD_PAID, MONEY, {"订单金额（元）", "sum of the orders (yuan)"}},
    {REBUT_RECORD_REFUND_ONLY, COUNT, {"仅退款申请", "refund-only requests"}},
    {REBUT_RECORD_REFUND_ONLY_AMOUNT, MONEY, {"仅退款金额（元）", "their sum (yuan)"}},
    {REBUT_RECORD_RETURN_REFUND, COUNT, {"退货退款申请", "requests with a return"}},
    {REBUT_RECORD_ABUSE, COUNT, {"裁定为滥用的申请", "requests found to be abuse"}},
    {REBUT_RECORD_LEGITIMATE, COUNT, {"裁定为正当的申请", "requests found legitimate"}},
    {REBUT_RECORD_FIRST, DAY, {"首个订单", "first order"}},
    {REBUT_RECORD_LAST, DAY, {"最近订单", "latest order"}},
};

/* The row of the records that is about `who`, or -1. */
static int find(const struct rebut_rows *records, const char *who)
{
    for (int row = 0; row < records->count; row++)
        if (strcmp(rebut_review_cell(records, row, REBUT_RECORD_WHO), who) == 0)
            return row;
    return -1;
}

static void write_figure(const struct rebut_rows *records, int row, int column,
                         enum kind kind, struct rebut_output *out)
{
    char text[REBUT_MINUTE_SIZE] = "-";
    const int64_t value = row < 0 ? 0 : rebut_rows_integer(records, row, column);
    if (row >= 0 && kind == COUNT)
        snprintf(text, sizeof text, "%" PRId64, value);
    else if (row >= 0 && kind == MONEY)
        snprintf(text, sizeof text, "%" PRId64 ".%02d", value / 100, (int)(value % 100));
    else if (row >= 0) {
        rebut_review_minute(records, row, column, text);
        text[10] = '\0';
    }
    rebut_output_padded(out, text, FIGURE);
}

void rebut_review_records(const struct rebut_case_sheet *sheet,
                          enum rebut_language language, struct rebut_output *out)
{
    static const char *const title[] = {"往来记录", "Records"};
    static const char *const parties[][2] = {{"买家", "商家"}, {"buyer", "merchant"}};
    const int buyer = find(&sheet->records, "buyer");
    const int merchant = find(&sheet->records, "merchant");
    rebut_output_print(out, "\n");
    rebut_output_padded(out, title[language], LABEL);
    rebut_output_padded(out, parties[language][0], FIGURE);
    rebut_output_padded(out, parties[language][1], FIGURE);
    rebut_output_print(out, "\n");
    for (size_t i = 0; i < sizeof rows_of_table / sizeof rows_of_table[0]; i++) {
        const int column = (int)rows_of_table[i].column;
        rebut_output_print(out, "  ");
        rebut_output_padded(out, rows_of_table[i].words[language], LABEL - 2);
        write_figure(&sheet->records, buyer, column, rows_of_table[i].kind, out);
        write_figure(&sheet->records, merchant, column, rows_of_table[i].kind, out);
        rebut_output_print(out, "\n");
    }
}
