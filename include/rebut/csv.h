/* rebut/csv.h -- a spreadsheet export, row by row, as people really save them.
 *
 * RFC 4180 quotes (newlines and doubled quotes inside), LF, CRLF or CR, a byte order
 * mark, comma, semicolon or tab, and UTF-8, GB18030 (so GBK and GB2312 too) or UTF-16
 * with a mark.  A quote that does not open a field is an ordinary character.  The
 * whole file is held in memory as UTF-8; fields are pieces of it.
 *
 *     struct rebut_csv csv;
 *     if (!rebut_csv_open(&csv, path, &(struct rebut_csv_options){0}, err))
 *         return false;
 *     while ((step = rebut_csv_next(&csv, &why)) != REBUT_CSV_END)
 *         if (step == REBUT_CSV_ROW)
 *             use(rebut_csv_field(&csv, column));
 *     rebut_csv_release(&csv);
 */
#ifndef REBUT_CSV_H
#define REBUT_CSV_H

#include "rebut/error.h"
#include "rebut/text.h"

#define REBUT_CSV_FILE_MAX ((size_t)1 << 31) /* bytes of a file */
#define REBUT_CSV_ROW_MAX ((size_t)1 << 20)  /* bytes of a row, quotes included */
#define REBUT_CSV_FIELD_MAX ((size_t)1 << 16)
#define REBUT_CSV_FIELDS_MAX 1024
#define REBUT_CSV_NO_COLUMN SIZE_MAX

enum rebut_encoding {
    REBUT_ENCODING_AUTO, /* by mark; else UTF-8 if all of it is valid, else GB18030 */
    REBUT_ENCODING_UTF8,
    REBUT_ENCODING_GB18030,
    REBUT_ENCODING_UTF16LE, /* found by its mark only */
    REBUT_ENCODING_UTF16BE,
};

struct rebut_csv_options {
    enum rebut_encoding encoding; /* a mark in the file wins */
    char delimiter;               /* ',' ';' or '\t'; 0: the commonest in the header */
    unsigned skip_lines;          /* lines before the header (at most 1000) */
};

struct rebut_csv {
    char *data; /* the file as UTF-8; bytes that were not valid are 0xff */
    size_t size, at;
    enum rebut_encoding encoding; /* found */
    char delimiter;               /* found */
    struct rebut_text *header;    /* [header_count] trimmed names of the columns */
    char *names;                  /* those that had doubled quotes */
    size_t header_count;
    struct rebut_text *fields; /* [REBUT_CSV_FIELDS_MAX] of the current row */
    size_t field_count;
    char *unquoted; /* [REBUT_CSV_ROW_MAX] fields whose doubled quotes were undone */
    size_t unquoted_used;
    uint64_t line;         /* number of the line at `at`, from 1 */
    uint64_t row_line;     /* where the current row began */
    struct rebut_text raw; /* the current row as it stands, without its line end */
    uint64_t blank_lines;  /* passed over so far */
};

enum rebut_csv_step { REBUT_CSV_ROW, REBUT_CSV_BAD, REBUT_CSV_END };

/* Load the file ("-": standard input) and read its header.  Fails with EIO, ENOMEM,
 * ELIMIT, or EDATA (empty, header unreadable). */
REBUT_MUST_CHECK bool rebut_csv_open(struct rebut_csv *csv, const char *path,
                                     const struct rebut_csv_options *options,
                                     struct rebut_error *err);

/* The same for bytes in memory, which are copied. */
REBUT_MUST_CHECK bool rebut_csv_open_bytes(struct rebut_csv *csv, struct rebut_text bytes,
                                           const struct rebut_csv_options *options,
                                           struct rebut_error *err);
void rebut_csv_release(struct rebut_csv *csv);

/* The column called `name`, or REBUT_CSV_NO_COLUMN when there is none or two of it. */
size_t rebut_csv_column(const struct rebut_csv *csv, struct rebut_text name);

/* Move to the next row that is not a blank line.  BAD: this row cannot be used, *why
 * says it, csv->raw and csv->row_line tell which; reading goes on at the next line.
 * ROW: fields are there, until the next call (raw: until release). */
enum rebut_csv_step rebut_csv_next(struct rebut_csv *csv, struct rebut_error *why);

/* The field in `column` of the current row without white space around it (blanks,
 * tabs, no-break and ideographic spaces); {NULL, 0} when the row is too short. */
struct rebut_text rebut_csv_field(const struct rebut_csv *csv, size_t column);

/* `text` without white space around it, as above. */
struct rebut_text rebut_csv_trim(struct rebut_text text);

#endif
