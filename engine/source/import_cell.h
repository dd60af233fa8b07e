/* Cells of a spreadsheet: decimal numbers and local times as people write them. */
#ifndef REBUT_SOURCE_IMPORT_CELL_H
#define REBUT_SOURCE_IMPORT_CELL_H

#include "rebut/text.h"

/* mantissa / 10^digits */
struct import_decimal {
    int64_t mantissa; /* at most 15 digits */
    int digits;       /* 0 to 15 */
};

/* Without the guards that spreadsheets put around text: ="x" and 'x. */
struct rebut_text import_cell_unguard(struct rebut_text cell);

/* A number that a spreadsheet wrote as 1.23E+17: the last digits are lost. */
bool import_cell_rounded(struct rebut_text cell);

/* "¥1,234.50", "-3", "(12.00)", "12.00-", "1.234,5 €" with decimal ','.  Groups of
 * thousands must be whole groups, so "1,23" is no number where '.' is the decimal. */
bool import_cell_decimal(struct rebut_text cell, char decimal,
                         struct import_decimal *ret);

/* The number as whole units of 10^-unit_digits, half away from zero; exact otherwise.
 * False when it does not fit. */
bool import_decimal_units(struct import_decimal a, struct import_decimal b,
                          int unit_digits, int64_t *ret);

/* A local time by a format (see rebut/import.h) at a fixed offset from UTC. */
bool import_cell_time(struct rebut_text cell, const char *format, int offset_minutes,
                      int64_t *ret);

#endif
