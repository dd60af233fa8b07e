/* Loading: from a file in some encoding to UTF-8 in memory, and its header. */
#include "rebut/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdlib.h>
#include <unistd.h>

#define READ_STEP ((size_t)1 << 20)
#define SKIP_LINES_MAX 1000
#define NOT_VALID '\xff'

/* Read everything from fd into a fresh *ret; errno says why not (EFBIG: too large). */
static bool read_all(int fd, char **ret, size_t *ret_size)
{
    char *data = NULL;
    size_t size = 0;
    size_t room = 0;
    for (;;) {
        if (room - size < READ_STEP) {
            char *grown = realloc(data, room = room * 2 + READ_STEP);
            if (grown == NULL)
                break;
            data = grown;
        }
        const ssize_t got = read(fd, data + size, READ_STEP);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            break;
        size += (size_t)got;
        if (size > REBUT_CSV_FILE_MAX) {
            errno = EFBIG;
            break;
        }
        if (got == 0) {
            *ret = data;
            *ret_size = size;
            return true;
        }
    }
    const int cause = errno;
    free(data);
    errno = cause;
    return false;
}

/* Which mark begins the bytes, and how long it is. */
static enum rebut_encoding find_mark(const char *data, size_t size, size_t *ret_skip)
{
    *ret_skip = 0;
    if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        *ret_skip = 3;
        return REBUT_ENCODING_UTF8;
    }
    if (size >= 4 && memcmp(data, "\x84\x31\x95\x33", 4) == 0) {
        *ret_skip = 4;
        return REBUT_ENCODING_GB18030;
    }
    if (size >= 2 && memcmp(data, "\xff\xfe", 2) == 0) {
        *ret_skip = 2;
        return REBUT_ENCODING_UTF16LE;
    }
    if (size >= 2 && memcmp(data, "\xfe\xff", 2) == 0) {
        *ret_skip = 2;
        return REBUT_ENCODING_UTF16BE;
    }
    return REBUT_ENCODING_AUTO;
}

/* Turn `bytes` into UTF-8 in the fresh csv->data.  A byte that is not valid becomes
 * 0xff, which makes its row, and no other, invalid. */
static bool convert(struct rebut_csv *csv, struct rebut_text bytes, const char *name,
                    struct rebut_error *err)
{
    iconv_t how = iconv_open("UTF-8", name);
    if (how == (iconv_t)-1)
        return rebut_fail(err, REBUT_EIO, "the system cannot convert from %s", name);
    const size_t room = bytes.size * 2 + 16; /* two bytes become at most four */
    csv->data = malloc(room);
    if (csv->data == NULL) {
        iconv_close(how);
        return rebut_fail_memory(err, "the text of a CSV file");
    }
    char *from = malloc(bytes.size + 1); /* iconv takes no const */
    char *next = from;
    size_t left = bytes.size;
    char *to = csv->data;
    size_t space = room;
    if (from != NULL && left > 0)
        memcpy(from, bytes.data, left);
    while (from != NULL && left > 0 &&
           iconv(how, &next, &left, &to, &space) == (size_t)-1 && errno != E2BIG &&
           space > 0) {
        *to++ = NOT_VALID;
        space--;
        next++;
        left--;
    }
    iconv_close(how);
    const bool done = from != NULL;
    free(from);
    if (!done)
        return rebut_fail_memory(err, "the text of a CSV file");
    csv->size = (size_t)(to - csv->data);
    return left == 0 || rebut_fail(err, REBUT_EDATA, "cannot convert from %s", name);
}

static bool decode(struct rebut_csv *csv, struct rebut_text bytes,
                   enum rebut_encoding stated, struct rebut_error *err)
{
    size_t skip = 0;
    csv->encoding = find_mark(bytes.data, bytes.size, &skip);
    bytes.data += skip;
    bytes.size -= skip;
    if (csv->encoding == REBUT_ENCODING_AUTO)
        csv->encoding = stated;
    if (csv->encoding == REBUT_ENCODING_AUTO)
        csv->encoding = rebut_text_valid_utf8(bytes) == bytes.size
                            ? REBUT_ENCODING_UTF8
                            : REBUT_ENCODING_GB18030;
    switch (csv->encoding) {
    case REBUT_ENCODING_GB18030:
        return convert(csv, bytes, "GB18030", err);
    case REBUT_ENCODING_UTF16LE:
        return convert(csv, bytes, "UTF-16LE", err);
    case REBUT_ENCODING_UTF16BE:
        return convert(csv, bytes, "UTF-16BE", err);
    default:
        break;
    }
    csv->data = malloc(bytes.size + 1);
    if (csv->data == NULL)
        return rebut_fail_memory(err, "the text of a CSV file");
    if (bytes.size > 0)
        memcpy(csv->data, bytes.data, bytes.size);
    csv->size = bytes.size;
    return true;
}

/* The delimiter that stands most often in the header's line, outside quotes. */
static char find_delimiter(const struct rebut_csv *csv)
{
    static const char candidates[] = ",;\t";
    size_t counts[3] = {0};
    bool quoted = false;
    for (size_t at = csv->at; at < csv->size; at++) {
        const char byte = csv->data[at];
        if (byte == '"')
            quoted = !quoted;
        else if (!quoted && (byte == '\n' || byte == '\r'))
            break;
        const char *which = memchr(candidates, byte, sizeof counts / sizeof *counts);
        if (!quoted && which != NULL)
            counts[which - candidates]++;
    }
    size_t best = 0;
    for (size_t i = 1; i < sizeof counts / sizeof *counts; i++)
        if (counts[i] > counts[best])
            best = i;
    return candidates[best];
}

static void skip_lines(struct rebut_csv *csv, unsigned lines)
{
    for (unsigned i = 0; i < lines && csv->at < csv->size; i++) {
        const char *end = memchr(csv->data + csv->at, '\n', csv->size - csv->at);
        csv->at = end == NULL ? csv->size : (size_t)(end - csv->data) + 1;
        csv->line++;
    }
}

static bool read_header(struct rebut_csv *csv, struct rebut_error *err)
{
    struct rebut_error why = {0};
    const enum rebut_csv_step step = rebut_csv_next(csv, &why);
    if (step == REBUT_CSV_END)
        return rebut_fail(err, REBUT_EDATA, "expected a header line, got an empty file");
    if (step == REBUT_CSV_BAD)
        return rebut_fail(err, REBUT_EDATA, "line %llu: header: %s",
                          (unsigned long long)csv->row_line, why.message);
    /* Names with doubled quotes live in a buffer that the next row takes over. */
    csv->header = calloc(csv->field_count, sizeof *csv->header);
    char *names = malloc(csv->unquoted_used + 1);
    if (csv->header == NULL || names == NULL) {
        free(names);
        return rebut_fail_memory(err, "the header of a CSV file");
    }
    char *unquoted = csv->unquoted;
    memcpy(names, unquoted, csv->unquoted_used);
    csv->header_count = csv->field_count;
    for (size_t i = 0; i < csv->field_count; i++) {
        struct rebut_text name = rebut_csv_field(csv, i);
        if (name.data >= unquoted && name.data < unquoted + csv->unquoted_used)
            name.data = names + (name.data - unquoted);
        csv->header[i] = name;
    }
    csv->names = names;
    return true;
}

static bool start(struct rebut_csv *csv, struct rebut_text bytes,
                  const struct rebut_csv_options *options, struct rebut_error *err)
{
    *csv = (struct rebut_csv){.line = 1};
    if (bytes.size > REBUT_CSV_FILE_MAX || options->skip_lines > SKIP_LINES_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "at most %zu bytes and %d lines to skip",
                          REBUT_CSV_FILE_MAX, SKIP_LINES_MAX);
    csv->fields = calloc(REBUT_CSV_FIELDS_MAX, sizeof *csv->fields);
    csv->unquoted = malloc(REBUT_CSV_ROW_MAX);
    if (csv->fields == NULL || csv->unquoted == NULL)
        return rebut_fail_memory(err, "a row of a CSV file");
    if (!decode(csv, bytes, options->encoding, err))
        return false;
    skip_lines(csv, options->skip_lines);
    csv->delimiter = options->delimiter != 0 ? options->delimiter : find_delimiter(csv);
    return read_header(csv, err);
}

bool rebut_csv_open_bytes(struct rebut_csv *csv, struct rebut_text bytes,
                          const struct rebut_csv_options *options,
                          struct rebut_error *err)
{
    if (start(csv, bytes, options, err))
        return true;
    rebut_csv_release(csv);
    return false;
}

bool rebut_csv_open(struct rebut_csv *csv, const char *path,
                    const struct rebut_csv_options *options, struct rebut_error *err)
{
    *csv = (struct rebut_csv){0};
    const bool standard = strcmp(path, "-") == 0;
    const int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    char *data = NULL;
    size_t size = 0;
    const bool read = fd >= 0 && read_all(fd, &data, &size);
    const int cause = errno;
    if (!standard && fd >= 0)
        close(fd);
    if (!read)
        return rebut_fail(err, cause == EFBIG ? REBUT_ELIMIT : REBUT_EIO,
                          "cannot read '%s': %s", path, strerror(cause));
    const bool opened =
        rebut_csv_open_bytes(csv, (struct rebut_text){data, size}, options, err);
    free(data);
    return opened || rebut_fail_context(err, "'%s'", path);
}

void rebut_csv_release(struct rebut_csv *csv)
{
    free(csv->data);
    free(csv->header);
    free(csv->names);
    free(csv->fields);
    free(csv->unquoted);
    *csv = (struct rebut_csv){0};
}

size_t rebut_csv_column(const struct rebut_csv *csv, struct rebut_text name)
{
    size_t found = REBUT_CSV_NO_COLUMN;
    for (size_t i = 0; i < csv->header_count; i++) {
        if (!rebut_text_equal(csv->header[i], name))
            continue;
        if (found != REBUT_CSV_NO_COLUMN)
            return REBUT_CSV_NO_COLUMN;
        found = i;
    }
    return found;
}
