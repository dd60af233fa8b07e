#include "reader_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define PACKED_ROOM ((size_t)1 << 17)

void rebut_reader_bytes_init(struct bytes *bytes, int fd, bool own)
{
    *bytes = (struct bytes){.fd = fd, .own = own};
    struct stat there;
    if (fstat(fd, &there) != 0 || !S_ISREG(there.st_mode))
        return;
    const off_t at = lseek(fd, 0, SEEK_CUR); /* standard input may have begun */
    bytes->regular = true;
    if (at >= 0 && there.st_size > at)
        bytes->total = (uint64_t)(there.st_size - at);
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}

void rebut_reader_bytes_release(struct bytes *bytes)
{
    if (bytes->unpacker != NULL && bytes->format == FORMAT_GZIP)
        inflateEnd(bytes->unpacker);
    if (bytes->format == FORMAT_ZSTD)
        ZSTD_freeDStream(bytes->unpacker);
    else
        free(bytes->unpacker);
    free(bytes->packed);
    if (bytes->own && bytes->fd >= 0)
        close(bytes->fd);
    *bytes = (struct bytes){.fd = -1};
}

__attribute__((format(printf, 3, 4))) static bool fault(struct bytes *bytes, bool is_data,
                                                        const char *format, ...)
{
    va_list words;
    va_start(words, format);
    vsnprintf(bytes->fault, sizeof bytes->fault, format, words);
    va_end(words);
    bytes->fault_is_data = is_data;
    return false;
}

static bool read_raw(struct bytes *bytes, char *room, size_t size, size_t *ret_size)
{
    ssize_t got = 0;
    *ret_size = 0;
    if (bytes->ended)
        return true;
    do
        got = read(bytes->fd, room, size);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return fault(bytes, false, "%s", strerror(errno));
    bytes->ended = got == 0;
    bytes->taken += (uint64_t)got;
    *ret_size = (size_t)got;
    return true;
}

/* ---- which format is it? ---- */

/* What is often handed in and is no text of events: told by name, not as 10,000 lines
 * refused. */
static const struct {
    const char *magic;
    size_t size;
    enum format format;
    const char *what;
} magics[] = {
    {"\x1f\x8b", 2, FORMAT_GZIP, NULL},
    {"\x28\xb5\x2f\xfd", 4, FORMAT_ZSTD, NULL},
    {"\xfd"
     "7zXZ",
     5, FORMAT_UNKNOWN, "xz data"},
    {"BZh", 3, FORMAT_UNKNOWN, "bzip2 data"},
    {"PK\x03\x04", 4, FORMAT_UNKNOWN, "a zip archive or spreadsheet"},
    {"PAR1", 4, FORMAT_UNKNOWN, "a Parquet file"},
    {"\xff\xfe", 2, FORMAT_UNKNOWN, "UTF-16 text"},
    {"\xfe\xff", 2, FORMAT_UNKNOWN, "UTF-16 text"},
};

static bool prepare(struct bytes *bytes)
{
    if (bytes->format == FORMAT_PLAIN)
        return true;
    bytes->packed = malloc(PACKED_ROOM);
    if (bytes->format == FORMAT_ZSTD) {
        bytes->unpacker = ZSTD_createDStream();
    } else {
        z_stream *stream = calloc(1, sizeof *stream);
        /* 16: the gzip wrapper and nothing else; 15: any window. */
        if (stream != NULL && inflateInit2(stream, 15 + 16) != Z_OK) {
            free(stream);
            stream = NULL;
        }
        bytes->unpacker = stream;
    }
    if (bytes->packed == NULL || bytes->unpacker == NULL)
        return fault(bytes, false, "no memory to decompress it");
    memcpy(bytes->packed, bytes->head, bytes->head_end);
    bytes->packed_end = bytes->head_end;
    return true;
}

static bool tell_format(struct bytes *bytes)
{
    size_t got = 0;
    do {
        if (!read_raw(bytes, bytes->head + bytes->head_end,
                      sizeof bytes->head - bytes->head_end, &got))
            return false;
        bytes->head_end += got;
    } while (got > 0 && bytes->head_end < sizeof bytes->head);
    bytes->format = FORMAT_PLAIN;
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        if (bytes->head_end < magics[i].size ||
            memcmp(bytes->head, magics[i].magic, magics[i].size) != 0)
            continue;
        if (magics[i].what != NULL)
            return fault(bytes, true,
                         "expected NDJSON in UTF-8, plain or as gzip or zstd, got %s",
                         magics[i].what);
        bytes->format = magics[i].format;
        break;
    }
    /* zstd's skippable frames have sixteen magic numbers. */
    if (bytes->head_end >= 4 && (bytes->head[0] & 0xf0) == 0x50 &&
        memcmp(bytes->head + 1, "\x2a\x4d\x18", 3) == 0)
        bytes->format = FORMAT_ZSTD;
    return prepare(bytes);
}

/* ---- decompression ---- */

static bool refill_packed(struct bytes *bytes)
{
    if (bytes->packed_at < bytes->packed_end || bytes->ended)
        return true;
    bytes->packed_at = 0;
    return read_raw(bytes, bytes->packed, PACKED_ROOM, &bytes->packed_end);
}

/* Between two members: pass over zeros, with which tapes are padded, and begin. */
static bool begin_gzip(struct bytes *bytes)
{
    while (bytes->packed_at < bytes->packed_end && bytes->packed[bytes->packed_at] == 0)
        bytes->packed_at++;
    if (bytes->packed_at == bytes->packed_end)
        return true;
    if (bytes->packed[bytes->packed_at] != 0x1f)
        return fault(bytes, true, "what follows the gzip data is no gzip data");
    bytes->inside = true;
    if (inflateReset(bytes->unpacker) != Z_OK)
        return fault(bytes, true, "the gzip data are corrupt");
    return true;
}

static bool unpack_gzip(struct bytes *bytes, char *room, size_t size, size_t *ret_size)
{
    z_stream *stream = bytes->unpacker;
    const size_t left = bytes->packed_end - bytes->packed_at;
    stream->next_in = (Bytef *)bytes->packed + bytes->packed_at;
    stream->avail_in = (uInt)left;
    stream->next_out = (Bytef *)room;
    stream->avail_out = (uInt)size;
    const int result = inflate(stream, Z_NO_FLUSH);
    bytes->packed_at += left - stream->avail_in;
    *ret_size = size - stream->avail_out;
    if (result == Z_STREAM_END)
        bytes->inside = false;
    else if (result == Z_MEM_ERROR)
        return fault(bytes, false, "no memory to decompress it");
    else if (result != Z_OK && result != Z_BUF_ERROR)
        return fault(bytes, true, "the gzip data are corrupt (%s)",
                     stream->msg == NULL ? "no valid stream" : stream->msg);
    return true;
}

static bool unpack_zstd(struct bytes *bytes, char *room, size_t size, size_t *ret_size)
{
    ZSTD_inBuffer in = {bytes->packed, bytes->packed_end, bytes->packed_at};
    ZSTD_outBuffer out = {room, size, 0};
    const size_t result = ZSTD_decompressStream(bytes->unpacker, &out, &in);
    bytes->packed_at = in.pos;
    *ret_size = out.pos;
    if (ZSTD_isError(result))
        return fault(bytes, true, "the zstd data are corrupt (%s)",
                     ZSTD_getErrorName(result));
    bytes->inside = result != 0;
    return true;
}

/* One step of the unpacker; false on a fault.  *ret_size may be 0. */
static bool unpack(struct bytes *bytes, char *room, size_t size, size_t *ret_size)
{
    const bool nothing_left = bytes->packed_at == bytes->packed_end; /* and ended */
    *ret_size = 0;
    if (!bytes->inside && bytes->format == FORMAT_GZIP)
        return begin_gzip(bytes);
    const bool done = bytes->format == FORMAT_GZIP
                          ? unpack_gzip(bytes, room, size, ret_size)
                          : unpack_zstd(bytes, room, size, ret_size);
    if (done && nothing_left && *ret_size == 0 && bytes->inside)
        return fault(bytes, true, "the %s data end early",
                     bytes->format == FORMAT_GZIP ? "gzip" : "zstd");
    return done;
}

static bool read_packed(struct bytes *bytes, char *room, size_t size, size_t *ret_size)
{
    size_t made = 0;
    while (made < size && bytes->fault[0] == '\0' && refill_packed(bytes)) {
        if (!bytes->inside && bytes->packed_at == bytes->packed_end && bytes->ended)
            break;
        size_t step = 0;
        const bool done = unpack(bytes, room + made, size - made, &step);
        made += step;
        if (!done)
            break;
    }
    *ret_size = made;
    return made > 0 || bytes->fault[0] == '\0';
}

bool rebut_reader_bytes_read(struct bytes *bytes, char *room, size_t size,
                             size_t *ret_size)
{
    *ret_size = 0;
    if (bytes->fault[0] != '\0')
        return false;
    if (bytes->format == FORMAT_UNKNOWN && !tell_format(bytes))
        return false;
    if (bytes->format != FORMAT_PLAIN)
        return read_packed(bytes, room, size, ret_size);
    const size_t head = bytes->head_end - bytes->head_at;
    if (head == 0)
        return read_raw(bytes, room, size, ret_size);
    *ret_size = head < size ? head : size;
    memcpy(room, bytes->head + bytes->head_at, *ret_size);
    bytes->head_at += *ret_size;
    return true;
}
