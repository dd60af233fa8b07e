/* Is a workbook whole?  The zip's directory is walked and every part inflated: each is
 * XML whose elements are all closed, and the sheet has as many rows as were written.
 * Format: APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16. */
#include <zlib.h>

#include "worklist_parts.h"

#define END_SIZE 22
#define ENTRY_SIZE 46
#define LOCAL_SIZE 30

static uint32_t number(const unsigned char *at, int bytes)
{
    uint32_t value = 0;
    for (int i = bytes; i-- > 0;)
        value = value << 8 | at[i];
    return value;
}

/* XML in pieces: how many elements are open, and how many rows were closed.  The library
 * writes neither comments nor CDATA, and escapes '<' and '>' everywhere else. */
struct reader {
    int matched; /* bytes of "</row>" */
    uint32_t rows, elements, open;
    unsigned char last;
};

static void read_byte(struct reader *reader, unsigned char c)
{
    static const char word[] = "</row>";
    if (reader->last == '<' && c == '/')
        reader->open--;
    if (reader->last == '<' && c != '/' && c != '?') {
        reader->open++;
        reader->elements++;
    }
    if (reader->last == '/' && c == '>')
        reader->open--;
    if (c == (unsigned char)word[reader->matched])
        reader->matched++;
    else
        reader->matched = c == '<';
    if (word[reader->matched] == '\0') {
        reader->rows++;
        reader->matched = 0;
    }
    reader->last = c;
}

static bool inflate_part(const unsigned char *data, size_t size, struct reader *reader)
{
    unsigned char room[1 << 14];
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)data,
                       .avail_in = (unsigned)size};
    int step = Z_OK;
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return false;
    while (step == Z_OK) {
        stream.next_out = room;
        stream.avail_out = sizeof room;
        step = inflate(&stream, Z_NO_FLUSH);
        for (size_t i = 0; i < sizeof room - stream.avail_out; i++)
            read_byte(reader, room[i]);
    }
    inflateEnd(&stream);
    return step == Z_STREAM_END;
}

/* The part that an entry of the directory speaks of. */
static bool read_part(const unsigned char *bytes, size_t size, const unsigned char *entry,
                      struct reader *reader)
{
    const size_t packed = number(entry + 20, 4), local = number(entry + 42, 4);
    if (number(entry + 10, 2) != Z_DEFLATED || local > size || size - local < LOCAL_SIZE)
        return false;
    const size_t start = local + LOCAL_SIZE + number(bytes + local + 26, 2) +
                         number(bytes + local + 28, 2);
    return start <= size && packed <= size - start &&
           inflate_part(bytes + start, packed, reader) && reader->elements > 0 &&
           reader->open == 0;
}

bool worklist_is_whole(const unsigned char *bytes, size_t size, uint32_t rows)
{
    static const char sheet[] = "xl/worksheets/sheet1.xml";
    bool found = false;
    if (size < END_SIZE || number(bytes + size - END_SIZE, 4) != 0x06054b50)
        return false;
    const uint32_t count = number(bytes + size - END_SIZE + 10, 2);
    size_t at = number(bytes + size - END_SIZE + 16, 4);
    for (uint32_t i = 0; i < count; i++) {
        if (at > size || size - at < ENTRY_SIZE || number(bytes + at, 4) != 0x02014b50)
            return false;
        const size_t name = number(bytes + at + 28, 2);
        struct reader reader = {0};
        if (name > size - at - ENTRY_SIZE || !read_part(bytes, size, bytes + at, &reader))
            return false;
        if (name == sizeof sheet - 1 &&
            memcmp(bytes + at + ENTRY_SIZE, sheet, name) == 0) {
            if (reader.rows != rows)
                return false;
            found = true;
        }
        at += ENTRY_SIZE + name + number(bytes + at + 30, 2) + number(bytes + at + 32, 2);
    }
    return found;
}
