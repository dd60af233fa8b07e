/* An invented retail export as untidy as real ones, and what must come of it.
 *
 * Columns: InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID.
 * Each sale has a StockCode of its own, so a credit note (InvoiceNo C…, Quantity below
 * 0) has one purchase that it can be about, or none.
 */
#ifndef REBUT_TESTS_UNTIDY_CSV_H
#define REBUT_TESTS_UNTIDY_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct untidy_csv {
    char *text;
    size_t size;
    /* How many rows there are of each sort; they add up to `rows`. */
    size_t rows, sales, credits;
    size_t no_buyer;    /* CustomerID empty */
    size_t negative;    /* Quantity below 0 without a C */
    size_t duplicate;   /* the bytes of a row before */
    size_t no_price;    /* UnitPrice 0 */
    size_t no_purchase; /* a credit note for what was never sold, or sold later */
    size_t blank;       /* cells, and nothing in them */
};

/* The same seed, the same bytes.  crlf: line ends and a byte order mark as Windows. */
struct untidy_csv untidy_csv_make(uint64_t seed, size_t rows, bool crlf);
void untidy_csv_free(struct untidy_csv *csv);

#endif
